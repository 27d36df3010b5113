/**
 * How long a command takes, beside what it is measured against, in turns in one run; whole processes, medians of five.
 * The budgets are what later work has to fit into.
 *
 *     npm run bench commands
 */
import { join } from 'node:path'
import { courseIn } from '../tests/support/toy-course.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { keepFigures } from './shared/results.ts'

const rounds = Number(process.argv[2] ?? 5)
const workshop = scratchWorkshop()
const node = (...words: string[]) => must(workshop.exec([process.execPath, ...words]))
const run = (...words: string[]) => node(join('workshop', 'run.mjs'), ...words)
const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-config-datasource']

const works = {
  'node -e 0': () => node('-e', '0'),
  'a command that only starts': () => run('db', 'url'),
  // Its last check fails: what was typed in between, the archive of a column, was not.
  'check, at the end of the exercise': () => workshop.run('check', '18'),
  'drift, warm': () => run('drift'),
  'Prisma’s own migrate diff': () => must(workshop.prisma('dev', ...diff)),
  'migrate status': () => run('migrate', 'status'),
  'Prisma’s own migrate status': () => must(workshop.prisma('dev', 'migrate', 'status')),
  'a commit hook without a new migration': () => node('.githooks/pre-commit'),
} satisfies Record<string, () => Promise<unknown>>
type Work = keyof typeof works

try {
  await toTheEnd()
  const times = new Map<Work, number[]>()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, work] of Object.entries(works) as [Work, () => Promise<unknown>][]) {
      const seconds = await measured(work)
      // The first round fills the caches.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), seconds])
    }
  }
  const seconds = (name: Work) => median(times.get(name)!)
  for (const name of times.keys()) console.log(`${name.padEnd(40)} ${seconds(name).toFixed(2)} s`)
  await run('seed', 'c28', '--count', '9985', '--env', 'prod')
  const many: number[] = []
  for (let round = 0; round <= rounds; round++) many.push(await measured(works['check, at the end of the exercise']))
  const ratio = (a: Work, b: Work) => seconds(a) / seconds(b)
  console.log('')
  await keepFigures('commands', {
    'commands.start': seconds('a command that only starts') - seconds('node -e 0'),
    'commands.check': seconds('check, at the end of the exercise'),
    'commands.check-many': median(many.slice(1)),
    'commands.status': ratio('migrate status', 'Prisma’s own migrate status'),
    'commands.drift': ratio('drift, warm', 'Prisma’s own migrate diff'),
    'commands.hook': seconds('a commit hook without a new migration'),
  })
} finally {
  await workshop.remove()
}

/** Both databases as the exercise leaves them, in a repository of git. */
async function toTheEnd(): Promise<void> {
  const { git, commit } = courseIn(workshop.folder)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--force', 'prisma/migrations')
  commit('The workshop')
  await run('start')
  for (const env of ['dev', 'prod']) {
    await run('migrate', 'deploy', '--env', env)
    for (const cohort of ['c25', 'c26', 'c27', 'c28']) await run('seed', cohort, '--env', env)
  }
}
