import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../kit/terminal/problem.ts'
import { envs, type Env, type Place } from '../../kit/database/target.ts'
import { readSteps } from '../course/read-steps.ts'
import { lookAtFiles } from './look-at-files.ts'
import { patientLooks } from './looks.ts'
import { openMoments } from './moments.ts'
import { noteCheck } from './note-commands.ts'
import { answersFor, lookForOutcomes, type Answered } from './outcome.ts'
import { progressName, readProgress } from './progress.ts'
import { readQuestions } from './read-questions.ts'
import { readGit, whereReader, type Where } from './where-reader.ts'

/** All that the coach knows at one moment. */
export interface Seen {
  /** Undefined before the first look; while a database is away, what was seen last. */
  where?: Where
  git?: { branch: string; changed: number }
  answers: readonly Answered[]
  away: Partial<Record<Env, Problem>>
  /** Something has changed, and is being read. */
  isLooking?: true
}

/** Milliseconds between two looks, so that a change is seen within a second: while things change, and after `calm` ms. */
const pause = { lively: 500, quiet: 800 }
const calm = 60_000
/** Not the generated client: it is many files, and no check asks it. */
const models = 'prisma/schema.prisma prisma/schema prisma/migrations prisma/.gitignore seeds'
const addresses = '.env.dev .env.dev.local .env.prod .env.prod.local'
const watched = `${models} ${addresses} .git/HEAD .git/logs/HEAD .git/index`.split(' ')

/**
 * Follows files, git and both databases, and tells what is seen whenever it is something new. Nothing is held in DEV or
 * PROD. What is no one's to mend goes to `mishap`, and the next look tries again. Ends when `ended` is aborted.
 */
export async function follow(
  place: Place,
  { tell, mishap, ended }: { tell(seen: Seen): void; mishap(error: unknown): void; ended: AbortSignal },
): Promise<void> {
  const moments = openMoments(place)
  const lookAt = patientLooks(place)
  const readWhere = whereReader(place)
  let quick = ''
  let changed = performance.now()
  let print = ''
  let noted = ''
  let where: Where | undefined
  let last: Seen | undefined

  const turn = async () => {
    const files = lookAtFiles(place.root, watched)
    const notes = lookAtFiles(place.root, [progressName])
    const now = [files, notes, ...(await Promise.all(envs.map((env) => moments.of(env))))].join('\n')
    if (now === quick) return
    const looks = await Promise.all(envs.map(lookAt))
    const seen = [files, ...looks.map((look) => look.print)].join('\n')
    if (seen !== print || notes !== noted) {
      const away: Seen['away'] = {}
      envs.forEach((env, i) => looks[i]!.problem && (away[env] = looks[i]!.problem))
      if (last) tell({ ...last, away, isLooking: true })
      const isThere = looks.every(({ problem }) => !problem)
      if (isThere) {
        where = await readWhere()
        noteCheck(place.root, where.result)
        await lookForOutcomes(place)
      }
      const answers = answersFor(readQuestions(readSteps()), readProgress(place.root).events)
      const git = await readGit(place.root)
      last = { ...(where && { where }), ...(git && { git }), answers, away }
      tell(last)
      // What was noted just now is no news.
      ;[print, noted] = [seen, lookAtFiles(place.root, [progressName])]
    }
    quick = now
    changed = performance.now()
  }

  try {
    while (!ended.aborted) {
      await turn().catch(mishap)
      await sleep(performance.now() - changed > calm ? pause.quiet : pause.lively, undefined, { signal: ended }).catch(
        () => {},
      )
    }
  } finally {
    await moments.close()
  }
}
