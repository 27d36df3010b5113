import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Problem } from '../plain/problem.ts'
import { ensureClient } from '../world/client.ts'
import { connectTo } from '../world/connection.ts'
import { node, runOn } from '../world/processes.ts'
import { projectRoot } from '../world/project.ts'
import { chooseTarget, describeTarget } from '../world/target.ts'

/** `npm run seed:c26 -- [--env dev|prod] [--count N] [--random]`: runs `seeds/c26.ts` on the right database. */
export async function seed([cohort = '', ...args]: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { env: { type: 'string' }, count: { type: 'string' }, random: { type: 'boolean' } },
  })
  const target = chooseTarget(values.env)
  const file = join('seeds', `${cohort}.ts`)
  if (!existsSync(join(projectRoot, file))) {
    throw new Problem(`There is no ${file} here.`, {
      why: 'Each cohort has a script of its own, and this one is not written yet at this step.',
      next: 'Write it like seeds/c25.ts, or see which seeds there are in the folder seeds/.',
    })
  }
  console.log(describeTarget(target))
  await (await connectTo(target)).end()
  await ensureClient(console.log)
  const count = values.count === undefined ? [] : ['--count', values.count]
  return runOn(target, [
    ...node,
    'workshop/course/seed-script.ts',
    file,
    ...count,
    ...(values.random ? ['--random'] : []),
  ])
}
