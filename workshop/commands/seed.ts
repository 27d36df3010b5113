import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { ensureClient } from '../../kit/project/generated-client.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { tryGit } from '../../kit/git/git.ts'
import { entry } from '../../kit/project/processes.ts'
import { runOn } from '../../kit/database/run-on.ts'
import { nameOf, ownFiles, readSteps } from '../course/read-steps.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { chooseTarget, describeTarget } from '../../kit/database/target.ts'

interface Flags {
  env?: string
  count?: string
  random?: boolean
  scale?: string
}

/**
 * `npm run seed:c26 -- [--env dev|prod] [--count N] [--random]`: runs `seeds/c26.ts` on the right database; `seed:portal` takes
 * `--scale N`.
 */
export async function seed([cohort = '']: readonly string[], flags: Flags): Promise<number> {
  const target = chooseTarget(flags.env)
  const file = join('seeds', `${cohort}.ts`)
  if (!existsSync(join(projectRoot, file))) {
    throw await noSeed(cohort)
  }
  console.log(describeTarget(target))
  await (await connectTo(target)).end()
  await ensureClient(console.log)
  if (flags.random && target.env === 'prod')
    console.log(
      `PROD  ! --random invents others each time, and nobody is deleted here. The same five, once:  npm run seed:${cohort} -- --env prod`,
    )
  const numbers = (['count', 'scale'] as const).flatMap((flag) =>
    flags[flag] === undefined ? [] : [`--${flag}`, flags[flag]],
  )
  return runOn(target, [
    ...entry,
    'workshop/seeding/seed-script',
    file,
    ...numbers,
    ...(flags.random ? ['--random'] : []),
  ])
}

/** One that was deleted comes back; of one that was never written, another shows how it is done. */
async function noSeed(cohort: string): Promise<Problem> {
  const file = `seeds/${cohort}.ts`
  const isCommitted = await tryGit(['ls-files', '--error-unmatch', '--', file]).then(
    ({ code }) => code === 0,
    () => false,
  )
  const folder = join(projectRoot, 'seeds')
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => /^c\d+\.ts$/.test(name)) : []
  const like = /^c\d+$/.test(cohort) ? others.toSorted().at(-1) : undefined
  const brings = like === undefined ? readSteps().find((one) => ownFiles(one).has(file)) : undefined
  const step = brings && nameOf(brings)
  return new Problem(`There is no ${file} here.`, {
    why: isCommitted
      ? 'It was deleted; git still has it.'
      : step === undefined
        ? 'Each cohort has a script of its own, and this one is not written yet at this step.'
        : `It comes with the step ${step}.`,
    next: isCommitted
      ? `git restore ${file}`
      : [
          ...(like ? [`Write it like seeds/${like}.`] : []),
          step === undefined
            ? 'npm run read    (the section of your step shows it)'
            : `npm run read ${step.split('-')[0]}`,
        ],
  })
}
