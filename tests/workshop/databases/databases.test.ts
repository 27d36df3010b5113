import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { must } from '../../support/measure.ts'
import { until } from '../../support/until.ts'
import { madeWorkshop, scratchWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await madeWorkshop()
  await must(workshop.door('db', 'up'))
  await workshop.sql('prod', 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)')
})
afterAll(() => workshop?.remove())
beforeEach(() => must(workshop.door('db', 'up')))

/** Compiled, and nothing else: its servers are made when they are wanted. */
const anotherClone = () => scratchWorkshop({ isBuilt: true })

const kept = () => workshop.sql('prod', 'SELECT n FROM kept')
const home = () =>
  existsSync(workshop.file('.workshop/home'))
    ? realpathSync(workshop.file('.workshop/home'))
    : workshop.file('.workshop')
const pidFile = (env: string) => join(home(), env, 'postmaster.pid')
const pid = (env: string) => Number.parseInt(readFileSync(pidFile(env), 'utf8'))

test('down stops both servers, up starts them again with what they held', async () => {
  const down = await workshop.run('db', 'down')
  expect(down.output).toMatch(/PROD .* is stopped/)
  await expect(kept()).rejects.toThrow('ECONNREFUSED')
  const status = await workshop.run('db', 'status')
  expect(status.code).toBe(1)
  expect(status.output).toMatch(/DEV is not there.*\n(.|\n)*next {2}npm run db up/)
  expect((await workshop.run('db', 'up')).code).toBe(0)
  expect(await kept()).toEqual([{ n: 42 }])
})

test('after a crash, up starts the server again with what was committed', async () => {
  const server = pid('prod')
  process.kill(server, 'SIGKILL')
  await until('the server has gone', () => !isAlive(server))
  const { code, output } = await workshop.door('db', 'up')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(await kept()).toEqual([{ n: 42 }])
})

test('a pid file whose number belongs to another program now does not stop a start', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'])
  try {
    const lines = readFileSync(pidFile('dev'), 'utf8').split('\n')
    await must(workshop.door('db', 'down'))
    writeFileSync(pidFile('dev'), [other.pid, ...lines.slice(1)].join('\n'))
    const { code, output } = await workshop.door('db', 'up')
    expect({ code, output }).toMatchObject({ code: 0 })
  } finally {
    other.kill()
  }
})

test('reset drops what was in DEV, applies the migrations, and says how long it took', async () => {
  await workshop.sql('dev', 'CREATE TABLE trial (n int); CREATE SCHEMA archive')
  const { code, output } = await workshop.run('db', 'reset')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toMatch(/DEV {3}is new: \d+ migrations applied, no rows, \d+\.\d s/)
  expect(
    await workshop.sql('dev', "SELECT to_regclass('trial') AS trial, to_regclass('recruits')::text AS recruits"),
  ).toEqual([{ trial: null, recruits: 'recruits' }])
  expect((await workshop.run('migrate', 'status')).output).toContain('Database schema is up to date')
})

test('a reset that meets a migration that fails names it, in Prisma’s words, and without a stack', async () => {
  workshop.write('prisma/migrations/20250601000000_wrong/migration.sql', 'ALTER TABLE recruit ADD COLUMN x TEXT;\n')
  try {
    const { code, output } = await workshop.run('db', 'reset')
    expect(code).toBe(1)
    expect(output).toContain('DEV is empty, and the migration 20250601000000_wrong failed')
    expect(output).toContain('relation "recruit" does not exist')
    expect(output).not.toMatch(/at .*\.ts:\d+/)
    expect((await workshop.door('db', 'status')).output).toContain('npm run drift -- --env dev')
  } finally {
    rmSync(workshop.file('prisma/migrations/20250601000000_wrong'), { recursive: true })
  }
  expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
})

test('reset works while another session is connected', async () => {
  const open = workshop.sql('dev', 'SELECT pg_sleep(30)').catch((error: Error) => error.message)
  const asleep = "SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND wait_event = 'PgSleep'"
  await until('the other session is asleep', async () => (await workshop.sql('dev', asleep)).length === 1)
  expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
  expect(await open).toMatch(/terminat/)
})

test('reset refuses PROD, in every way of writing it', async () => {
  for (const args of [['--env', 'prod'], ['--env=prod']]) {
    const { code, output } = await workshop.door('db', 'reset', ...args)
    expect(code).toBe(1)
    expect(output).toContain('PROD was not reset')
    expect(output).toContain('npm run db reset')
  }
  expect(await kept()).toEqual([{ n: 42 }])
})

test('a second clone beside the first gets ports of its own', async () => {
  const second = anotherClone()
  try {
    for (const env of ['dev', 'prod'] as const) {
      second.write(
        `.env.${env}.local`,
        `# Written by npm start, because the port in a test\nDATABASE_URL=${workshop.url(env)}\n`,
      )
    }
    const { code, output } = await second.door('db', 'up')
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toMatch(/PROD {2}port \d+ is taken: using \d+, noted in \.env\.prod\.local/)
    expect(new URL(second.url('prod')).port).not.toBe(new URL(workshop.url('prod')).port)
    expect((await second.door('db', 'up')).code).toBe(0)
  } finally {
    await second.remove()
  }
})

test('the database of another clone is not touched until db adopt takes it in', async () => {
  await must(workshop.door('db', 'reset'))
  const second = anotherClone()
  try {
    second.write('.env.dev.local', `DATABASE_URL=${workshop.url('dev')}\n`)
    for (const args of [
      ['migrate', 'deploy'],
      ['db', 'up', '--env', 'dev'],
      ['seed', 'c25'],
      ['db', 'reset'],
    ]) {
      const { code, output } = await second.door(...args)
      expect(code).toBe(1)
      expect(output).toContain('DEV belongs to another clone')
      expect(output).toContain('npm run db -- adopt --env dev')
    }
    expect((await second.door('db', 'adopt', '--env', 'dev')).output).toContain('is adopted')
    expect((await second.run('migrate', 'status')).output).toContain('up to date')
  } finally {
    await second.remove()
  }
})

test('a port that another program holds is passed by, or named where the address is the user’s own', async () => {
  const taken = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const second = anotherClone()
  const line = `DATABASE_URL=postgresql://dev:dev@127.0.0.1:${port}/dev\n`
  try {
    second.write('.env.dev.local', line)
    const own = await second.door('db', 'up', '--env', 'dev')
    expect(own.code).toBe(1)
    expect(own.output).toContain('What answers for DEV is not PostgreSQL')
    second.write('.env.dev.local', `# Written by npm start, because the port in a test\n${line}`)
    const moved = await second.door('db', 'up', '--env', 'dev')
    expect({ code: moved.code, output: moved.output }).toMatchObject({ code: 0 })
  } finally {
    await second.remove()
    taken.close()
  }
})

test('a data folder of another major version is left alone; DEV’s is kept under another name by db reset', async () => {
  await must(workshop.door('db', 'down'))
  for (const env of ['dev', 'prod']) writeFileSync(join(home(), env, 'PG_VERSION'), '17\n')
  try {
    const prod = await workshop.door('db', 'up', '--env', 'prod')
    expect(prod.code).toBe(1)
    expect(prod.output).toContain('The data folder of PROD was made by PostgreSQL 17')
    expect(prod.output).toContain('keep the folder')
    writeFileSync(join(home(), 'prod', 'PG_VERSION'), '18\n')

    const dev = await workshop.door('db', 'up', '--env', 'dev')
    expect(dev.output).toContain('npm run db reset')
    expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
    expect(readdirSync(home()).filter((name) => /^dev-\d{4}-/.test(name))).toHaveLength(1)
  } finally {
    for (const env of ['dev', 'prod']) writeFileSync(join(home(), env, 'PG_VERSION'), '18\n')
  }
  expect((await workshop.door('db', 'up')).code).toBe(0)
  expect(await kept()).toEqual([{ n: 42 }])
})

test('a damaged data folder is reported with PostgreSQL’s words, and nothing in PROD’s is touched', async () => {
  await must(workshop.door('db', 'down'))
  const control = join(home(), 'prod', 'global', 'pg_control')
  renameSync(control, `${control}.whole`)
  try {
    const { code, output } = await workshop.door('db', 'up', '--env', 'prod')
    expect(code).toBe(1)
    expect(output).toContain('The PROD server does not start')
    expect(output).toContain('pg_control')
  } finally {
    renameSync(`${control}.whole`, control)
  }
  expect((await workshop.door('db', 'up')).code).toBe(0)
  expect(await kept()).toEqual([{ n: 42 }])
})

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}
