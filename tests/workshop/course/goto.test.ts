import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { courseOf, stepStates } from '../../../workshop/course/step-databases.ts'
import { nameOf, readSteps } from '../../../workshop/course/read-steps.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { openSchemas, type Schemas } from '../../../kit/catalog/schemas.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { keep, restore, valuesInProd } from '../../support/kept-rows.ts'
import { must } from '../../support/measure.ts'

// Each test begins on a fresh clone. PROD has been deployed to and seeded up to step 10.

const states = courseOf(stepStates(readSteps()))
const allPairs = process.env['WORKSHOP_ALL_PAIRS'] === '1'
/** Forward and back, to drift and from drift, before and after a reset of DEV, and to the same place twice. */
const sample = [5, 17, 0, 8, 11, 3, 14, 16, 16, 1, 12, 9]

let workshop: MadeGitWorkshop
let everInProd: Set<string>
let schemas: Schemas
beforeAll(async () => {
  workshop = await madeGitWorkshop()
  await must(workshop.door('db', 'up'))
  await bringProd(7, 'c25')
  await bringProd(10, 'c26')
  everInProd = await valuesInProd(workshop)
  await keep(workshop, 'prod')
  // On DEV's server, and not in DEV, which comes and goes.
  schemas = openSchemas(workshop.url('dev').replace(/dev$/, 'postgres'))
}, 300_000)
afterAll(async () => {
  await schemas?.close()
  await workshop?.remove()
})
beforeEach(async () => {
  await workshop.cloneAnew()
  await restore(workshop, 'prod')
})

/** Deploys a step's migrations to PROD, and runs its seed there. */
async function bringProd(step: number, seed?: string): Promise<void> {
  workshop.layStep(step)
  await applyMigrations(workshop.url('prod'), workshop.file('prisma/migrations'))
  if (seed) await must(workshop.run('seed', seed, '--env', 'prod'))
}

/** How many recruits DEV has at the end of a step: five for each seed since it was last made anew. */
function recruitsAt(number: number): number {
  const until = states.filter(({ step }) => step.number <= number).map(({ step }) => step.step.dev)
  const since = until.slice(
    Math.max(
      0,
      until.findLastIndex((change) => change?.reset),
    ),
  )
  return since.flatMap((change) => change?.seeds ?? []).length * 5
}

async function expectAt(number: number, prod = everInProd): Promise<void> {
  const state = states.find(({ step }) => step.number === number)!
  expect(workshop.git('status', '--porcelain')).toBe('')
  expect(workshop.git('diff', '--name-only', state.step.tag)).toBe('')
  expect(workshop.git('branch', '--show-current')).toMatch(new RegExp(`^work/${nameOf(state.step)}(-\\d+)?$`))
  const dev = workshop.url('dev')
  expect(await schemas.difference(await schemas.after(state.dev, dev), await schemas.live(dev))).toBeUndefined()
  const [{ table }] = (await workshop.sql<{ table: string | null }>(
    'dev',
    "SELECT to_regclass('recruits') AS table",
  )) as [{ table: string | null }]
  const [{ n }] = (
    table === null ? [{ n: 0 }] : await workshop.sql('dev', 'SELECT count(*)::int AS n FROM recruits')
  ) as [{ n: number }]
  expect(n).toBe(recruitsAt(number))
  const client = readFileSync(workshop.file('prisma/generated/internal/class.ts'), 'utf8')
  expect(client).toContain(JSON.stringify(String(state.files.get('prisma/schema.prisma'))).slice(1, -1))
  expect(await valuesInProd(workshop)).toEqual(prod)
}

/** Work of three kinds: a change, a new file, and a trial migration. Returns what finds it all on a branch of its own. */
function work(text: string): () => void {
  const before = workshop.saved()
  workshop.write('README.md', `${text}\n`)
  workshop.write(`notes of ${text}/ü.txt`, text)
  workshop.write(`prisma/migrations/20991231000000_${text}/migration.sql`, `-- ${text}\n`)
  return () => {
    const branch = workshop.saved().find((name) => !before.includes(name))
    expect(workshop.git('show', `${branch}:README.md`)).toBe(text)
    expect(workshop.git('show', `${branch}:notes of ${text}/ü.txt`)).toBe(text)
    expect(workshop.git('show', `${branch}:prisma/migrations/20991231000000_${text}/migration.sql`)).toBe(`-- ${text}`)
    expect(existsSync(workshop.file(`notes of ${text}`))).toBe(false)
    expect(existsSync(workshop.file(`prisma/migrations/20991231000000_${text}`))).toBe(false)
  }
}

const numbers = states.map(({ step }) => step.number)
const route = allPairs ? tour(numbers) : sample
const which = allPairs ? 'all' : `${route.length} of ${numbers.length ** 2}; all with WORKSHOP_ALL_PAIRS=1`
test(`from any step to any other (${which}) files and dev are there, work is saved, prod is as it was`, async () => {
  for (const [i, number] of route.entries()) {
    const expectSaved = work(`hop-${i}`)
    const ran = await workshop.goto(String(number))
    expect({ number, ...ran }).toMatchObject({ number, code: 0 })
    await expectAt(number)
    expectSaved()
  }
}, 3_600_000)

/** A round trip from step 10 that uses each pair of places once, a place to itself included. */
function tour(places: readonly number[]): number[] {
  const unused = new Map(places.map((place) => [place, [...places]]))
  const walk = (at: number): number[] => {
    const way: number[] = []
    for (let next = unused.get(at)!.pop(); next !== undefined; next = unused.get(at)!.pop()) way.push(...walk(next))
    return [...way, at]
  }
  return walk(10).toReversed().slice(1)
}

test('a step is named by number, slug or tag; its end, with drift that was typed by hand, is what stands in dev', async () => {
  expect(await workshop.goto('new-column-drift')).toMatchObject({ code: 0 })
  await expectAt(8)
  expect(await workshop.sql('dev', 'SELECT DISTINCT chort FROM recruits')).toEqual([{ chort: 'C25 Data Eng' }])
  expect((await workshop.door('check', '08')).output).toContain('All checks pass')
  expect(await workshop.npm('run', 'goto', 'step-04-email-nullable')).toMatchObject({ code: 0 })
  await expectAt(4)
})

test('after goto, status, deploy, dev and diff find nothing to do on dev', async () => {
  expect(await workshop.goto('13')).toMatchObject({ code: 0 })
  expect((await workshop.run('migrate', 'status')).output).toContain('up to date')
  expect((await workshop.run('migrate', 'deploy')).output).toContain('No pending migrations')
  expect((await workshop.run('migrate', 'dev')).output).toContain('Already in sync')
  const diff = await workshop.run(
    'migrate',
    'diff',
    '--from-migrations',
    'prisma/migrations',
    '--to-config-datasource',
    '--exit-code',
  )
  expect(diff).toMatchObject({ code: 0 })
})

test('npm start says at which step you are, and the same next command as check', async () => {
  expect(await workshop.goto('13')).toMatchObject({ code: 0 })
  const { output } = await workshop.door('start')
  expect(output).toMatch(/You are on the branch work\/13-c27-recruits, at step 1\d-\S+: \d+ of \d+ checks pass\./)
  const nextIn = (text: string) => /^next {2}(.*)$/m.exec(text)?.[1]
  expect(nextIn(output)).toBe(nextIn((await workshop.door('check')).output))
})

test('prod behind: the commands to type are listed in order, and bring it there with every value', async () => {
  const ran = await workshop.goto('16')
  const commands = [...ran.output.matchAll(/^\s+(npm run .*)$/gm)].map(([, command]) => command!)
  expect(commands).toEqual([
    'npm run goto 13',
    'npm run migrate -- deploy --env prod',
    'npm run seed:c27 -- --env prod',
    'npm run goto 16',
    'npm run migrate -- deploy --env prod',
    'npm run seed:c28 -- --env prod',
  ])
  for (const command of commands) expect(await workshop.npm(...command.split(' ').slice(1))).toMatchObject({ code: 0 })
  const now = await valuesInProd(workshop)
  expect([...everInProd].filter((value) => !now.has(value))).toEqual([])
  expect(await workshop.goto('16')).toMatchObject({ output: expect.stringContaining('is where it should be') })
  expect(await workshop.door('check', '16')).toMatchObject({ code: 0 })
})

test('prod ahead: it stays there, and the way forward is named', async () => {
  await bringProd(16)
  await workshop.cloneAnew()
  const ahead = await valuesInProd(workshop)
  const { output } = await workshop.goto('09')
  expect(output).toMatch(/PROD .* stands further on, with the migrations of 16-c28-recruits, and stays there/)
  expect(output).toContain('To come forward again:  npm run goto 16')
  await expectAt(9, ahead)
})

test('--dry-run says what would happen, and changes nothing', async () => {
  await must(workshop.goto('05'))
  workshop.write('seeds/c25.ts', '// mine\n')
  const before = [workshop.git('status', '--porcelain', '--branch'), workshop.git('for-each-ref')]
  const { code, output } = await workshop.npm('run', 'goto', '02', '--', '--dry-run')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('This would happen; nothing was changed:')
  expect(output).toContain('your work (1 changed file) would be saved on a branch saved/…')
  expect(output).toContain('would go to the branch work/02-first-migration, at the tag step-02-first-migration')
  expect(output).toMatch(/DEV .* would be made again/)
  expect(output).toContain('next  npm run goto 02')
  expect([workshop.git('status', '--porcelain', '--branch'), workshop.git('for-each-ref')]).toEqual(before)
  expect(await workshop.sql('dev', 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 5 }])
})

test('a branch that the learner has worked on is left alone: the next one gets a number', async () => {
  expect(await workshop.goto('02')).toMatchObject({ code: 0 })
  workshop.git('commit', '--quiet', '--allow-empty', '--message', 'Mine')
  const mine = workshop.git('rev-parse', 'HEAD')
  expect((await workshop.goto('02')).output).toContain('on the branch work/02-first-migration-2,')
  expect(workshop.git('rev-parse', 'work/02-first-migration')).toBe(mine)
})

test('env files stay as they are, the one that git knows included', async () => {
  workshop.write('.env.dev', `${readFileSync(workshop.file('.env.dev'), 'utf8')}# mine\n`)
  const own = () =>
    readdirSync(workshop.folder)
      .filter((name) => name.startsWith('.env'))
      .map((name) => readFileSync(workshop.file(name), 'utf8'))
  const [before, saved] = [own(), workshop.saved()]
  expect(await workshop.goto('06')).toMatchObject({ code: 0 })
  expect(own()).toEqual(before)
  expect(workshop.saved()).toEqual(saved)
})

test('db fresh begins again at the first step, with both databases empty and nothing deleted', async () => {
  const expectSaved = work('before-fresh')
  const { code, output } = await workshop.door('db', 'fresh')
  expect({ code, output }).toMatchObject({ code: 0 })
  expectSaved()
  const prod = /prod_archive_\d+_\d+_\d+/.exec(output)![0]
  expect(workshop.git('diff', '--name-only', 'step-00-two-databases')).toBe('')
  expect(await workshop.door('check', '00')).toMatchObject({ code: 0 })
  expect(await valuesInProd(workshop)).toEqual(new Set())
  expect(await workshop.door('db', 'restore', prod)).toMatchObject({ code: 0 })
  expect(await valuesInProd(workshop)).toEqual(everInProd)
})
