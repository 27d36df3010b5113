import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { isServerOf } from '../workshop/world/server-process.ts'
import { scratchFolder, scratchServer } from './support/server.ts'
import { scratchWorkshop, type Workshop } from './support/workshop.ts'

// Ways in which PROD's rows have been lost, or a wrong database written to, by people who meant no harm.

let workshop: Workshop
beforeAll(async () => {
  workshop = scratchWorkshop()
  expect(await workshop.run('start')).toMatchObject({ code: 0 })
  await workshop.run('migrate', 'deploy', '--env', 'prod')
  expect(await workshop.run('seed', 'c26', '--env', 'prod')).toMatchObject({ code: 0 })
})
afterAll(() => workshop.remove())

const home = (one = workshop) =>
  existsSync(one.file('.workshop/home')) ? realpathSync(one.file('.workshop/home')) : one.file('.workshop')
const recruits = async (one = workshop) => (await one.sql('prod', 'SELECT FROM recruits')).length

test('a folder whose server was started in a container is not started again from outside', async () => {
  const pidFile = join(home(), 'prod', 'postmaster.pid')
  const running = readFileSync(pidFile, 'utf8')
  await workshop.run('db', 'down', '--env', 'prod')
  writeFileSync(pidFile, running)
  writeFileSync(join(home(), 'prod.view'), 'container 0123456789ab')
  const { code, output } = await workshop.run('db', 'up', '--env', 'prod')
  expect(code).toBe(1)
  expect(output).toContain('PROD may be running already, where it cannot be seen from here')
  expect(existsSync(pidFile)).toBe(true)
  rmSync(pidFile)
  expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
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
  const moving = scratchWorkshop({ inside: join(scratchFolder(), 'before') })
  const after = join(moving.folder, '..', 'after')
  if (process.getuid?.() === 0) spawnSync('chmod', ['700', join(moving.folder, '..')])
  await moving.run('db', 'up', '--env', 'dev')
  await moving.sql('dev', 'CREATE TABLE kept ()')
  const before = realpathSync(home(moving))
  await moving.run('db', 'down')
  renameSync(moving.folder, after)
  const up = spawnSync(process.execPath, ['workshop/run.mjs', 'db', 'up', '--env', 'dev'], {
    cwd: after,
    encoding: 'utf8',
  })
  expect(up.stdout).not.toContain('making a PostgreSQL server')
  const client = new pg.Client(/DATABASE_URL=(.*)/.exec(readFileSync(join(after, '.env.dev.local'), 'utf8'))![1])
  await client.connect()
  expect((await client.query('SELECT FROM kept')).rowCount).toBe(0)
  await client.end()
  spawnSync(process.execPath, ['workshop/run.mjs', 'db', 'down'], { cwd: after })
  if (existsSync(join(after, '.workshop', 'home'))) rmSync(before, { recursive: true, force: true })
  rmSync(join(after, '..'), { recursive: true, force: true })
})

test('a DEV whose drop was cut off is made again, and PROD does not notice', async () => {
  const admin = new URL(workshop.url('dev'))
  admin.username = 'postgres'
  admin.password = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  admin.pathname = '/postgres'
  const client = new pg.Client(admin.href)
  await client.connect()
  // As PostgreSQL leaves it.
  await client.query("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'dev'").finally(() => client.end())
  expect((await workshop.run('db', 'status')).output).toContain('cannot connect to invalid database "dev"')
  const { code, output } = await workshop.run('db', 'up')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('DEV   was half dropped when something was cut off: making it again, empty …')
  expect(await workshop.run('db', 'reset')).toMatchObject({ code: 0 })
  expect(await recruits()).toBe(5)
})

test('who adopts another clone’s DEV has not adopted its PROD', async () => {
  const second = scratchWorkshop()
  try {
    for (const env of ['dev', 'prod'] as const) second.write(`.env.${env}.local`, `DATABASE_URL=${workshop.url(env)}\n`)
    expect(await second.run('db', 'adopt', '--env', 'dev')).toMatchObject({ code: 0 })
    expect(await second.run('migrate', 'deploy')).toMatchObject({ code: 0 })
    const { code, output } = await second.run('seed', 'c27', '--env', 'prod')
    expect(code).toBe(1)
    expect(output).toContain('PROD belongs to another clone')
  } finally {
    await second.remove()
  }
  expect(await recruits()).toBe(5)
})

test('a bare npx prisma in a second clone does not wipe the first one’s DEV', async () => {
  const second = scratchWorkshop()
  try {
    await workshop.sql('dev', 'CREATE TABLE IF NOT EXISTS trial ()')
    second.write('.env.dev.local', `DATABASE_URL=${workshop.url('dev')}\n`)
    const prisma = [process.execPath, 'node_modules/prisma/build/index.js']
    const { code, output } = await second.exec([...prisma, 'db', 'push', '--accept-data-loss'])
    expect(code).toBe(1)
    expect(output).toContain('belongs to another clone')
    expect(await workshop.sql('dev', 'SELECT FROM trial')).toHaveLength(0)
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
    const before = readFileSync(workshop.file('.env.dev.local'), 'utf8')
    workshop.write('.env.dev.local', `DATABASE_URL=${workshop.url('prod').replace('127.0.0.1', host)}\n`)
    const { code, output } = await workshop.run('migrate', 'status')
    workshop.write('.env.dev.local', before)
    expect(code).toBe(1)
    expect(output).toContain('DEV and PROD are the same database')
  },
)

test('an address that names another server behind a ? is refused', async () => {
  const before = readFileSync(workshop.file('.env.dev.local'), 'utf8')
  workshop.write('.env.dev.local', `DATABASE_URL=${workshop.url('dev')}?port=${new URL(workshop.url('prod')).port}\n`)
  const { output } = await workshop.run('psql', '-c', 'SELECT 1')
  workshop.write('.env.dev.local', before)
  expect(output).toContain('with no ?host= or ?port= behind it')
})

test('a reset that was cut off between its steps is finished by the next one', async () => {
  const admin = new pg.Client(
    `postgresql://postgres:${readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()}@127.0.0.1:${new URL(workshop.url('dev')).port}/postgres`,
  )
  await admin.connect()
  await admin.query('DROP DATABASE dev WITH (FORCE)')
  await admin.query('CREATE DATABASE dev')
  expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  await admin.query('DROP DATABASE dev WITH (FORCE)')
  await admin.query('CREATE DATABASE somebody_elses')
  expect(await workshop.run('db', 'reset')).toMatchObject({ code: 0 })
  await admin.query('DROP DATABASE somebody_elses')
  await admin.end()
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
  const server = await scratchServer()
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', 'postgres', '-D', join(home(), 'prod')])
  const pid = Number.parseInt(readFileSync(join(home(), 'prod', 'postmaster.pid'), 'utf8'))
  expect(isServerOf(join(home(), 'prod'), pid)).toBe(true)
  expect(isServerOf(join(home(), 'dev'), pid)).not.toBe(true)
  expect(isServerOf(join(home(), 'prod'), other.pid!)).not.toBe(true)
  expect(isServerOf(join(home(), 'prod'), 999_999)).toBe(false)
  other.kill()
  await server.stop()
})

test('the superuser is not taken for a database’s own role', async () => {
  const other = scratchWorkshop()
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
  const script =
    'const { spawn } = require("child_process"); const child = spawn(process.execPath, ["workshop/run.mjs", "db", "url"]); child.stdout.destroy(); child.stderr.pipe(process.stdout); child.on("exit", (code) => console.log("exit", code))'
  const { output } = await workshop.exec([process.execPath, '-e', script])
  expect(output).not.toContain('EPIPE')
})
