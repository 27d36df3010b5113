import { renderStart } from '../course/where-you-are.ts'
import { readStatus } from '../course/status.ts'
import { ensureTags } from '../course/tags.ts'
import { ensureClient } from '../../kit/project/generated-client.ts'
import { up } from '../databases/databases.ts'
import { alone } from '../../kit/project/lock.ts'
import { checkWhereYouAre } from '../course/check-step.ts'
import { readSteps } from '../course/read-steps.ts'
import { stepStates } from '../course/step-databases.ts'
import { envs, here } from '../../kit/database/target.ts'

/** `npm start`: both databases up, the client generated, and a screen that says where you are and what to type next. */
export async function start(): Promise<number> {
  const say = (line: string) => console.log(line)
  say('Bringing up both databases …')
  // A server that is made waits for its disk; meanwhile the client and the tags are made.
  const servers = alone('servers', say, () => Promise.all(envs.map((env) => up(env, say))))
  const files = ensureClient(say).then(() => ensureTags(say))
  // What one of them has to complain of is the last that is said.
  await Promise.allSettled([servers, files])
  const [targets, tags] = [await servers, await files]
  if (tags.did === 'skipped') say(`No tags were made for the steps: ${tags.problem.message} ${tags.problem.why}`)
  say(await renderStart(await Promise.all(targets.map(readStatus)), whereYouAre))
  return 0
}

async function whereYouAre() {
  const states = stepStates(readSteps())
  return { states, result: await checkWhereYouAre(states, here) }
}
