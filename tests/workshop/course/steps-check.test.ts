import { afterEach, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkSteps } from '../../../workshop/course/steps-check.ts'
import { scratchFolder } from '../../support/server.ts'
import { start } from '../../support/program.ts'
import { scratchWorkshop } from '../../support/workshop.ts'
import { toySteps, toySchema, type ToySteps } from './toy-steps.ts'

let course: ToySteps
afterEach(() => course?.remove())

const migration = (name: string) => `prisma/migrations/${name}/migration.sql`
const create = 'CREATE TABLE recruits (id SERIAL PRIMARY KEY, name TEXT NOT NULL);\n'
/** A plain script: the client is not what is looked at here. */
const seed = `import pg from 'pg'
const client = new pg.Client(process.env['DATABASE_URL']!)
await client.connect()
await client.query("INSERT INTO recruits (name) VALUES ('Thandi')")
await client.end()
`

/** Two steps that are as they should be. */
function goodStart(): ToySteps {
  const made = toySteps()
  made.step('00-blank', {}, { 'prisma/schema.prisma': toySchema() })
  made.step(
    '01-table',
    {
      dev: { deploy: true, seeds: ['one'] },
      prod: { deploy: true, seeds: ['one'] },
      checks: [
        { kind: 'schema' },
        { kind: 'migrations' },
        { kind: 'live', on: 'dev' },
        { kind: 'history', on: 'prod', always: true },
        { kind: 'recruits', on: 'prod', atLeast: 1, filled: 'name', always: true },
      ],
    },
    { 'prisma/schema.prisma': toySchema('name String'), [migration('1_create')]: create, 'seeds/one.ts': seed },
  )
  return made
}

/** The defects of each step, by its name. */
async function defectsOf({ root }: ToySteps): Promise<Record<string, string[]>> {
  const reports = await checkSteps(() => {}, root)
  return Object.fromEntries(reports.map(({ name, defects }) => [name, defects]))
}

test('a course that is whole has no defect, and each step is reported as it is done', async () => {
  course = goodStart()
  course.step(
    '02-typed',
    { dev: { typed: ['ALTER TABLE recruits ADD COLUMN nick TEXT'] }, checks: [{ kind: 'live', on: 'dev' }] },
    {},
  )
  course.step(
    '03-resolved',
    {
      dev: { resolve: true },
      prod: { deploy: true },
      checks: [{ kind: 'schema' }, { kind: 'migrations' }, { kind: 'history', on: 'dev', always: true }],
    },
    {
      'prisma/schema.prisma': toySchema('name String', 'nick String?'),
      [migration('2_nick')]: 'ALTER TABLE recruits ADD COLUMN nick TEXT;\n',
    },
  )
  course.step(
    '04-reset',
    { dev: { reset: true, seeds: ['one'] }, checks: [{ kind: 'file', path: 'seeds/two.ts' }] },
    { 'seeds/two.ts': seed },
  )
  const seen: string[] = []
  await checkSteps(({ name, defects }) => seen.push(name, ...defects), course.root)
  expect(seen).toEqual(['00-blank', '01-table', '02-typed', '03-resolved', '04-reset'])
})

test('each defect is named, at the step that has it, up to where a database can go no further', async () => {
  course = goodStart()
  course.step('02-idle', { checks: [{ kind: 'recruits', on: 'dev', atLeast: 1 }] })
  course.step('03-unreachable', { checks: [{ kind: 'file', path: 'seeds/nine.ts' }] })
  course.step(
    '04-loses',
    { dev: { deploy: true }, prod: { deploy: true }, checks: [{ kind: 'file', path: 'seeds/four.ts' }] },
    { [migration('4_loses')]: "UPDATE recruits SET name = 'somebody';\n", 'seeds/four.ts': seed },
  )
  course.step(
    '05-forgets-the-migration',
    { checks: [{ kind: 'schema' }, { kind: 'migrations' }] },
    { 'prisma/schema.prisma': toySchema('name String', 'nick String?') },
  )
  course.step(
    '06-rewrites',
    { checks: [{ kind: 'migrations' }] },
    {
      [migration('1_create')]: `-- Better so.\n${create}`,
      [migration('6_nick')]: 'ALTER TABLE recruits ADD COLUMN nick TEXT;\n',
    },
  )
  course.step(
    '07-type-error',
    { checks: [{ kind: 'file', path: 'seeds/seven.ts' }] },
    { 'seeds/seven.ts': "export const seven: number = 'seven'\n" },
  )
  course.step('08-always', { checks: [{ kind: 'schema', always: true }] })
  course.step(
    '09-breaks',
    { dev: { deploy: true }, checks: [{ kind: 'file', path: 'seeds/nine.ts' }] },
    { [migration('9_breaks')]: 'ALTER TABLE nowhere ADD COLUMN a TEXT;\n', 'seeds/nine.ts': seed },
  )
  course.step('10-after', { checks: [{ kind: 'file', path: 'seeds/ten.ts' }] }, { 'seeds/ten.ts': seed })

  // Without a migration of its own, its check passes as soon as there is a table.
  const early = 'Is taken for the step 05-forgets-the-migration when it is done.'
  // What an earlier step has broken is judged in each that follows.
  const loses = expect.stringMatching(/^Fails when the step is done: FILES tried on rows, the migrations /)
  const edited = ['DEV', 'PROD'].map((env) =>
    expect.stringMatching(new RegExp(`^Fails when the step is done: ${env} .* 1_create was edited after it had been`)),
  )
  expect(await defectsOf(course)).toEqual({
    '00-blank': [],
    '01-table': [early],
    '02-idle': ['Passes before the step is done: DEV 1 recruits or more.', early],
    '03-unreachable': ['Fails when the step is done: FILES seeds/nine.ts is there: there is no such file.'],
    '04-loses': ['DEV: 1 lost: "Thandi" of row 1.', 'PROD: 1 lost: "Thandi" of row 1.', loses],
    '05-forgets-the-migration': [
      expect.stringMatching(/^Passes before the step is done: FILES prisma\/migrations/),
      loses,
      'The migrations do not make the schema: recruits: missing: column nick.',
    ],
    '06-rewrites': [
      `Changes or removes a migration that an earlier step has brought: ${migration('1_create')}.`,
      loses,
      ...edited,
    ],
    '07-type-error': [expect.stringContaining("seeds/seven.ts(1,14): error TS2322: Type 'string'"), loses, ...edited],
    '08-always': ['Its checks hold always, and none tells that it is done.', loses, ...edited],
    '09-breaks': ['DEV: the migration 9_breaks fails: relation "nowhere" does not exist. The walk ends here.'],
  })
})

test('a seed that fails and a schema that Prisma cannot read are named', async () => {
  course = goodStart()
  course.step(
    '02-half-a-schema',
    { checks: [{ kind: 'file', path: 'seeds/two.ts' }] },
    { 'prisma/schema.prisma': 'model X {', 'seeds/two.ts': "throw new Error('no recruits today')\n" },
  )
  course.step(
    '03-seed-fails',
    { dev: { seeds: ['two'] }, checks: [{ kind: 'file', path: 'seeds/three.ts' }] },
    { 'prisma/schema.prisma': toySchema('name String'), 'seeds/three.ts': seed },
  )
  const defects = await defectsOf(course)
  expect(defects['02-half-a-schema']!.join('\n')).toContain('does not start with any known Prisma schema keyword')
  expect(defects['03-seed-fails']).toEqual([
    expect.stringMatching(/^DEV: seeds\/two\.ts fails: [^]*no recruits today[^]*The walk ends here\.$/),
  ])
})

test.each(['Walking', '✓ 01'])('Ctrl-C after %s leaves no folder and no server behind', async (sign) => {
  course = goodStart()
  course.step(
    '02-reset',
    { dev: { reset: true, seeds: ['one'] }, checks: [{ kind: 'file', path: 'seeds/two.ts' }] },
    { 'seeds/two.ts': seed },
  )
  const workshop = scratchWorkshop({ ports: false, isBuilt: true })
  const temp = scratchFolder('temp ')
  try {
    rmSync(workshop.file('steps'), { recursive: true })
    cpSync(join(course.root, 'steps'), workshop.file('steps'), { recursive: true })
    const child = start(workshop.folder, [process.execPath, 'workshop/run.mjs', 'steps', 'check'], {
      env: { TMPDIR: temp },
      detached: true,
    })
    let output = ''
    child.stdout!.on('data', (chunk) => (output += chunk))
    child.stderr!.on('data', (chunk) => (output += chunk))
    while (!output.includes(sign) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
    const made = () => readdirSync(temp).filter((name) => name.startsWith('workshop-'))
    while (made().length === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
    if (child.exitCode !== null) throw new Error(output)
    process.kill(-child.pid!, 'SIGINT')
    const [code] = await once(child, 'exit')
    if (code !== 130) throw new Error(output)
    expect({ code, left: made() }).toEqual({ code: 130, left: [] })
    expect(output).not.toContain('✓ 02')
    // Its server would still say this folder in its command line.
    expect(spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout).not.toContain(temp)
  } finally {
    await workshop.remove()
    rmSync(temp, { recursive: true, force: true })
  }
})

test('a step that leaves everything as it was says so, and then has checks alone that hold always', async () => {
  course = goodStart()
  course.step('02-lab', { leavesNothing: true, checks: [{ kind: 'live', on: 'dev', always: true }] })
  course.step('03-tells', { leavesNothing: true, checks: [{ kind: 'live', on: 'dev' }] })
  expect(await defectsOf(course)).toMatchObject({
    '02-lab': [],
    '03-tells': expect.arrayContaining(['It says that it leaves nothing, and has a check that tells it is done.']),
  })
})
