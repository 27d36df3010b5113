import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../kit/terminal/problem.ts'
import { look, type Look } from './look.ts'
import type { Env } from '../../kit/database/target.ts'
import type { Place } from '../../kit/database/target.ts'

/** Milliseconds after which a database that has not answered is called slow, and the others are shown without it. */
const patience = 2_000

/** Looks at one database, never twice at a time. Does not wait for a slow one: that look goes on beside the next ones. */
export function patientLooks(place: Place): (env: Env) => Promise<Look> {
  const last = new Map<Env, { found: Look; isSlow: boolean }>()
  const open = new Map<Env, Promise<Look>>()

  const finish = async (env: Env): Promise<Look> => {
    const since = performance.now()
    const found = await lookOrProblem(place, env, last.get(env)?.found)
    const isSlow = performance.now() - since > patience
    last.set(env, { found, isSlow })
    open.delete(env)
    return isSlow && !found.problem ? slow(env) : found
  }
  return async (env) => {
    const looking = open.get(env) ?? finish(env)
    open.set(env, looking)
    // Whoever was slow the last time is believed again when a whole look comes in time.
    const wait = new AbortController()
    const tired = sleep(patience, slow(env), { signal: wait.signal, ref: false }).catch(() => slow(env))
    return Promise.race([looking, tired]).finally(() => wait.abort())
  }
}

async function lookOrProblem(place: Place, env: Env, before: Look | undefined): Promise<Look> {
  try {
    return await look(place.target(env), before)
  } catch (error) {
    if (error instanceof Problem) return { print: error.message + error.why, problem: error }
    throw error
  }
}

function slow(env: Env): Look {
  const ENV = env.toUpperCase()
  const problem = new Problem(`${ENV} answers slowly.`, {
    why: `One look at it takes more than ${patience / 1000} seconds, so the board shows the rest without it.`,
    next: `npm run drift    (waits for ${ENV})`,
  })
  return { print: problem.message, problem }
}
