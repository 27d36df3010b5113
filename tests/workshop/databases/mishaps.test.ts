import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isServerOf } from '../../../workshop/databases/server-process.ts'
import { must } from '../../support/measure.ts'
import { seededWorkshop } from '../../support/seeded-workshop.ts'
import { scratchFolder } from '../../support/server.ts'
import { scratchWorkshop, workshopIn, type Workshop } from '../../support/workshop.ts'

// Ways in which PROD's rows have been lost, or a wrong database written to, by people who meant no harm.

let workshop: Workshop
beforeAll(async () => {
  workshop = await seededWorkshop(Number.POSITIVE_INFINITY)
  await must(workshop.door('start'))
})
afterAll(() => workshop.remove())

const home = (one = workshop) =>
  existsSync(one.file('.workshop/home')) ? realpathSync(one.file('.workshop/home')) : one.file('.workshop')
const recruits = async (one = workshop) => (await one.sql('prod', 'SELECT FROM recruits')).length

test('a folder whose server was started in a container is not started again from outside', async () => {
  const pidFile = join(home(), 'prod', 'postmaster.pid')
  const running = readFileSync(pidFile, 'utf8')
  await must(workshop.door('db', 'down', '--env', 'prod'))
  writeFileSync(pidFile, running)
  writeFileSync(join(home(), 'prod.view'), 'container 0123456789ab')
  const { code, output } = await workshop.run('db', 'up', '--env', 'prod')
  const isThere = existsSync(pidFile)
  rmSync(pidFile, { force: true })
  const up = await workshop.door('db', 'up')
  expect(code).toBe(1)
  expect(output).toContain('PROD may be running already, where it cannot be seen from here')
  expect(isThere).toBe(true)
  expect(up).toMatchObject({ code: 0 })
  expect(await recruits()).toBe(5)
})

test('a copied folder does not take the original’s servers for its own', async () => {
  const copy = join(scratchFolder(), 'copy')
  cpSync(workshop.folder, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.lock') })
  if (process.getuid?.() === 0)
    spawnSync('chown', ['-R', 'postgres', join(copy, '.workshop', 'dev'), join(copy, '.workshop', 'prod')])
  try {
    const argv = ['workshop/run.mjs', 'db', 'reset']
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: copy, encoding: 'utf8' })
    expect(stderr).toContain('This folder is a copy')
    expect(status).toBe(1)
  } finally {
    rmSync(join(copy, '..'), { recursive: true, force: true })
  }
})

test('a folder that was moved keeps its data, where root’s data lie elsewhere too', async () => {
  const moving = scratchWorkshop({ inside: join(scratchFolder(), 'before'), isBuilt: true })
  const around = join(moving.folder, '..')
  if (process.getuid?.() === 0) chmodSync(around, 0o700)
  const moved = workshopIn(join(around, 'after'))
  try {
    await must(moving.run('db', 'up', '--env', 'dev'))
    await moving.sql('dev', 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)')
    await must(moving.door('db', 'down'))
    renameSync(moving.folder, moved.folder)
    const { code, output } = await moved.run('db', 'up', '--env', 'dev')
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.not.stringContaining('making a PostgreSQL server'),
    })
    expect(await moved.sql('dev', 'SELECT n FROM kept')).toEqual([{ n: 1 }])
  } finally {
    await (existsSync(moved.folder) ? moved : moving).remove()
    rmSync(around, { recursive: true, force: true })
  }
})

test('a DEV whose drop was cut off is made again, and PROD does not notice', async () => {
  // As PostgreSQL leaves it.
  await workshop.asAdmin("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'dev'", 'postgres', 'dev')
  expect((await workshop.door('db', 'status')).output).toContain('cannot connect to invalid database "dev"')
  const { code, output } = await workshop.run('db', 'up')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('DEV   was half dropped when something was cut off: making it again, empty …')
  expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
  expect(await recruits()).toBe(5)
})

test('who adopts another clone’s DEV has not adopted its PROD', async () => {
  const second = scratchWorkshop({ isBuilt: true })
  try {
    for (const env of ['dev', 'prod'] as const) second.write(`.env.${env}.local`, `DATABASE_URL=${workshop.url(env)}\n`)
    expect(await second.door('db', 'adopt', '--env', 'dev')).toMatchObject({ code: 0 })
    expect(await second.run('migrate', 'deploy')).toMatchObject({ code: 0 })
    const { code, output } = await second.door('seed', 'c27', '--env', 'prod')
    expect(code).toBe(1)
    expect(output).toContain('PROD belongs to another clone')
  } finally {
    await second.remove()
  }
  expect(await recruits()).toBe(5)
})

test('a bare npx prisma in a second clone does not wipe the first one’s DEV', async () => {
  const second = scratchWorkshop({ isBuilt: true })
  try {
    await workshop.sql('dev', 'DROP TABLE IF EXISTS trial; CREATE TABLE trial AS SELECT 1 AS kept')
    second.write('.env.dev.local', `DATABASE_URL=${workshop.url('dev')}\n`)
    const prisma = [process.execPath, 'node_modules/prisma/build/index.js']
    const { code, output } = await second.exec([...prisma, 'db', 'push', '--accept-data-loss'])
    expect(code).toBe(1)
    expect(output).toContain('belongs to another clone')
    expect(await workshop.sql('dev', 'SELECT kept FROM trial')).toEqual([{ kept: 1 }])
  } finally {
    await second.remove()
  }
})

test('a seed that is started by hand on PROD’s address does not call it DEV', async () => {
  const argv = [process.execPath, '--import', 'tsx', 'seeds/c27.ts']
  const { code, output } = await workshop.exec(argv, { env: { DATABASE_URL: workshop.url('prod') } })
  expect(code).toBe(1)
  expect(output).toContain('This is not DEV: the database says that it is PROD')
  expect(await recruits()).toBe(5)
})

test.each(['localhost', '127.1', '0.0.0.0', 'LOCALHOST', '[::1]'])(
  'DEV and PROD are the same database as %s too',
  async (host) => {
    const { code, output } = await atAddress(workshop.url('prod').replace('127.0.0.1', host), 'migrate', 'status')
    expect(code).toBe(1)
    expect(output).toContain('DEV and PROD are the same database')
  },
)

test('an address that names another server behind a ? is refused', async () => {
  const address = `${workshop.url('dev')}?port=${new URL(workshop.url('prod')).port}`
  const { code, output } = await atAddress(address, 'psql', '-c', 'SELECT 1')
  expect(code).toBe(1)
  expect(output).toContain('with no ?host= or ?port= behind it')
})

/** What a command says when DEV's file names this address. */
async function atAddress(address: string, ...words: string[]) {
  const before = readFileSync(workshop.file('.env.dev.local'), 'utf8')
  workshop.write('.env.dev.local', `DATABASE_URL=${address}\n`)
  return workshop.door(...words).finally(() => workshop.write('.env.dev.local', before))
}

test('a reset that was cut off between its steps is finished by the next one', async () => {
  const admin = (sql: string) => workshop.asAdmin(sql, 'postgres', 'dev')
  const marker = () => workshop.sql('dev', 'SELECT environment FROM workshop.marker')
  await admin('DROP DATABASE dev WITH (FORCE)')
  await admin('CREATE DATABASE dev')
  expect(await workshop.door('db', 'up')).toMatchObject({ code: 0 })
  expect(await marker()).toEqual([{ environment: 'dev' }])
  await admin('DROP DATABASE dev WITH (FORCE)')
  await admin('CREATE DATABASE somebody_elses')
  try {
    expect(await workshop.run('db', 'reset')).toMatchObject({ code: 0 })
    expect(await marker()).toEqual([{ environment: 'dev' }])
  } finally {
    await admin('DROP DATABASE somebody_elses')
  }
})

test('without its clone id a folder does not move away from its own servers, and says what to do', async () => {
  const file = workshop.file('.workshop/clone')
  const id = readFileSync(file, 'utf8')
  rmSync(file)
  const before = workshop.url('prod')
  const { code, output } = await workshop.run('start')
  writeFileSync(file, id)
  expect(code).toBe(1)
  expect(output).toContain('belongs to another clone')
  expect(workshop.url('prod')).toBe(before)
})

test('only the process that works in the data folder is its server: not its neighbour, nor one with a like name', async () => {
  const [dev, prod] = [join(home(), 'dev'), join(home(), 'prod')]
  const pidOf = (dataDir: string) => Number.parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'))
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', 'postgres', '-D', prod])
  try {
    expect([isServerOf(dev, pidOf(dev)), isServerOf(prod, pidOf(prod))]).toEqual([true, true])
    expect(isServerOf(dev, pidOf(prod))).not.toBe(true)
    expect(isServerOf(prod, pidOf(dev))).not.toBe(true)
    expect(isServerOf(prod, other.pid!)).not.toBe(true)
    expect(isServerOf(prod, 999_999)).toBe(false)
  } finally {
    other.kill()
  }
})

test('the superuser is not taken for a database’s own role', async () => {
  const other = scratchWorkshop({ isBuilt: true })
  try {
    other.write(
      '.env.dev.local',
      other
        .url('dev')
        .replace(
          /^(.*)dev:dev@/,
          '# Written by npm start, because the port in a test\nDATABASE_URL=$1postgres:s3cret@',
        ),
    )
    const { code, output } = await other.run('db', 'up', '--env', 'dev')
    expect(code).toBe(1)
    expect(output).toContain('DEV is not used as the superuser')
    expect(readFileSync(join(home(other), 'dev.log'), 'utf8')).not.toContain('s3cret')
  } finally {
    await other.remove()
  }
})

test('output that nobody reads to its end is no error', async () => {
  const script = `
    const { spawn } = require('child_process')
    const child = spawn(process.execPath, ['workshop/run.mjs', 'db', 'url'])
    child.stdout.destroy()
    child.stderr.pipe(process.stdout)
    child.on('close', (code) => console.log('exit', code))`
  expect((await workshop.exec([process.execPath, '-e', script])).output).toBe('exit 0\n')
})
