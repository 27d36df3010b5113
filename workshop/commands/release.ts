import { release as makeRelease } from '../../kit/release/release.ts'
import { readAnswers } from '../../kit/release/answers.ts'
import { renderNext, renderStage } from '../../kit/deploy/deploy-lines.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { shellWord } from '../../kit/terminal/shell-word.ts'
import { ask } from '../../kit/terminal/ask.ts'
import { settingsIn } from '../../kit/review/review-settings.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { chooseTarget, describeTarget, readTarget } from '../../kit/database/target.ts'

interface Flags {
  env?: string
  name?: string
  base?: string
  rename?: string[]
  drop?: string[]
  backfill?: string[]
  'at-once'?: boolean
  'without-downtime'?: boolean
}

const example = 'npm run release -- --env prod --name add_nickname'

/**
 * `npm run release -- --env prod --name add_nickname [--base main] [--rename recruits.a=b] [--drop recruits.c] [--backfill
 * "recruits.d='x'"]`: makes the migrations that PROD needs, and commits them.
 */
export async function release(values: Flags, args: readonly string[]): Promise<number> {
  const { env, name, base = settingsIn(projectRoot).base ?? 'main', ...rest } = values
  if (env === undefined || chooseTarget(env).env !== 'prod') {
    throw new Problem('A release is made for PROD: nothing was done.', {
      why: 'It compares schema.prisma with the database that holds what cannot be typed in again. DEV may be destroyed.',
      next: [example, 'npm run migrate -- dev --name add_nickname    (for DEV)'],
    })
  }
  const answers = readAnswers(rest)
  const prod = chooseTarget(env)
  console.log(`${describeTarget(prod)}\n`)
  let isBelowQuestion = false
  const report = await makeRelease(
    { root: projectRoot, target: (one) => readTarget(one), now: () => new Date() },
    {
      name: assertName(name),
      base,
      answers,
      command: commandOf(args),
      ask:
        ask &&
        ((question) => {
          isBelowQuestion = true
          return ask!(question)
        }),
    },
    (stage) => {
      if (isBelowQuestion) console.log('')
      isBelowQuestion = false
      renderStage(stage, process.stdout.columns).forEach((line) => console.log(line))
    },
  )
  for (const line of renderNext(report.next, process.stdout.columns)) console.log(line)
  return report.code
}

/** As it is written into the folder's name. */
function assertName(name: string | undefined): string {
  if (name !== undefined && /^[a-z][a-z0-9_]{0,79}$/.test(name)) return name
  const slug = (name ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_\d]+|_+$/g, '')
    .slice(0, 80)
  throw new Problem(
    name === undefined ? 'What is the release called?' : `A release cannot be called "${name}": nothing was done.`,
    {
      why: 'The name stands in the folder of the migration: small letters, digits and _, 80 at most.',
      next: `npm run release -- --env prod --name ${slug || 'add_nickname'}`,
    },
  )
}

function commandOf(args: readonly string[]): string {
  return ['npm run release --', ...args.map(shellWord)].join(' ')
}
