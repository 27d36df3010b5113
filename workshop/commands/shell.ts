import { ensureClient } from '../../kit/project/generated-client.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { entry } from '../../kit/project/processes.ts'
import { runOn } from '../../kit/database/run-on.ts'
import { chooseTarget, describeTarget } from '../../kit/database/target.ts'

/** `npm run shell -- [--env dev|prod] [-c CODE]`: a Node prompt with `prisma` connected, of the models as they are now. */
export async function shell(flags: { env?: string; command?: string }): Promise<number> {
  const target = chooseTarget(flags.env)
  const isTyped = process.stdin.isTTY && flags.command === undefined
  // What is asked with -c or through a pipe may go on to another program: there only the answer is wanted.
  const say = isTyped ? console.log : console.error
  say(describeTarget(target))
  await (await connectTo(target)).end()
  await ensureClient(say)
  const code = flags.command === undefined ? [] : [flags.command]
  return runOn(target, [...entry, 'workshop/prompts/node-prompt', target.env, ...code])
}
