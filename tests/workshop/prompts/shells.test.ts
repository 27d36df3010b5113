import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hasPsql, psqlEnvironment } from '../../../workshop/prompts/sql-psql.ts'
import { must } from '../../support/measure.ts'
import { randomPort } from '../../support/server.ts'
import { closeTerminals, ctrlC, enter, openTerminal } from '../../support/terminal.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop

beforeAll(async () => {
  workshop = await madeWorkshop()
  await must(workshop.run('db', 'up'))
  for (const env of ['dev', 'prod'] as const) {
    for (const migration of migrations()) await workshop.sql(env, migration)
    await workshop.sql(env, recruit(env === 'dev' ? 'Ada' : 'Grace'))
  }
})
afterAll(async () => {
  closeTerminals()
  await workshop.remove()
})

describe('psql', () => {
  test('opens the machine’s own psql, or our prompt, on the database that is named', async () => {
    if (!hasPsql()) process.stderr.write('There is no psql on this machine: here our own prompt is asked twice.\n')
    for (const [env, name] of [
      ['dev', 'Ada'],
      ['prod', 'Grace'],
    ] as const) {
      const { code, output } = await workshop.npm(
        'run',
        'psql',
        '--',
        '--env',
        env,
        '-c',
        'SELECT first_name FROM recruits',
      )
      expect(output).toContain(` first_name \n------------\n ${name}\n(1 row)`)
      expect(output).toMatch(new RegExp(`^${env.toUpperCase()} +${env} on 127\\.0\\.0\\.1`, 'm'))
      expect(code).toBe(0)
    }
  })

  test('the address goes through the environment, where nobody else can read it and nothing of the user’s beats it', () => {
    const inherited = { PATH: '/bin', PGHOSTADDR: '192.0.2.1', PGSERVICE: 'elsewhere', PGUSER: 'me' }
    expect(psqlEnvironment('postgresql://a%40b:p%23w@[::1]/my%20db?schema=x&sslmode=disable', inherited)).toEqual({
      PATH: '/bin',
      PSQL_PAGER: '',
      PGHOST: '::1',
      PGPORT: '5432',
      PGUSER: 'a@b',
      PGPASSWORD: 'p#w',
      PGDATABASE: 'my db',
      PGSSLMODE: 'disable',
      PGOPTIONS: '-c search_path=x',
    })
  })

  test('a psql that cannot start is as good as none', async () => {
    workshop.write('bin/psql', '#!/bin/sh\necho "You must install a postgresql-client package" >&2\nexit 1\n')
    chmodSync(workshop.file('bin/psql'), 0o755)
    const argv = [process.execPath, 'workshop/run.mjs', 'psql', '-c', 'SELECT first_name FROM recruits']
    const { code, output } = await workshop.exec(argv, { env: { PATH: workshop.file('bin') } })
    expect(output).toContain(' first_name \n------------\n Ada\n(1 row)')
    expect(code).toBe(0)
  })
})

describe('shell', () => {
  test('answers what a pipe asks, statement by statement, and waits for each', async () => {
    const { code, output } = await shell(`
const all = await prisma.recruit.findMany({
  where: { cohort: 'C25' },
})
all.length
const names = all.map(
  (recruit) => recruit.firstName
)
await new Promise((resolve) => setTimeout(resolve, 50)); names
for (const name of names) {
  console.log('Hello', name)
}
await prisma.recruit.count() + 1
`)
    expect(answers(output)).toEqual(['1', "[ 'Ada' ]", 'Hello Ada', '2'])
    expect(code).toBe(0)
  })

  test('-c answers one text, on PROD too', async () => {
    const { code, output } = await workshop.run('shell', '--env', 'prod', '-c', 'await prisma.recruit.findFirst()')
    expect(output).toContain('PROD  prod on 127.0.0.1')
    expect(output).toContain("firstName: 'Grace'")
    expect(code).toBe(0)
  })

  test('shows Prisma’s own error with its code, and no stack; the next line runs all the same', async () => {
    await workshop.sql('dev', 'ALTER TABLE recruits RENAME COLUMN rocketchat_user TO renamed_in_psql')
    const { code, output } = await shell('await prisma.recruit.findMany()\n1 + 1\n').finally(() =>
      workshop.sql('dev', 'ALTER TABLE recruits RENAME COLUMN renamed_in_psql TO rocketchat_user'),
    )
    expect(output).toContain('PrismaClientKnownRequestError P2022')
    expect(output).toContain('The column `recruits.rocketchat_user` does not exist in the current database.')
    expect(output).not.toMatch(/^ +at /m)
    expect(answers(output).at(-1)).toBe('2')
    expect(code).toBe(1)
  })

  test('a query without await is answered too, and shows its error in the same way', async () => {
    expect((await workshop.run('shell', '-c', 'prisma.recruit.count()')).output).toMatch(/^\d+$/m)
    const { code, output } = await workshop.run('shell', '-c', 'prisma.recruit.findFirst({ where: { nope: 1 } })')
    expect(code).toBe(1)
    expect(output).toContain('Unknown argument `nope`')
    expect(output).not.toMatch(/at .*\.ts:\d+/)
  })

  test('code that ends too early, or is none, is an error', async () => {
    expect(await shell('prisma.recruit.count(\n')).toMatchObject({ code: 1 })
    const { code, output } = await shell('count recruits\n')
    expect(output).toContain("SyntaxError: Unexpected identifier 'recruits'")
    expect(code).toBe(1)
  })

  test('knows the models as they are in schema.prisma now', async () => {
    const schema = readFileSync(workshop.file('prisma/schema.prisma'), 'utf8')
    workshop.write('prisma/schema.prisma', `${schema}\nmodel Coach {\n  id Int @id\n}\n`)
    const { output } = await shell('Object.keys(Prisma.ModelName)\n').finally(() =>
      workshop.write('prisma/schema.prisma', schema),
    )
    expect(answers(output)).toEqual(["[ 'Recruit', 'Coach' ]"])
  })

  // How Node asks for the rest of an unfinished statement.
  const hasBar = Number.parseInt(process.versions.node) >= 24

  test('at a terminal it says what is there, goes on after an error, and is left with .exit', async () => {
    const terminal = openTerminal([process.execPath, 'workshop/run.mjs', 'shell'], workshop.folder)
    await terminal.see('DEV   dev on 127.0.0.1')
    await terminal.see('Here is prisma.recruit')
    await terminal.see('Leave with .exit or Ctrl-D.')
    await terminal.see('dev> ')
    terminal.type(`await prisma.recruit.count(${enter}`)
    await terminal.see(hasBar ? '| ' : '... ')
    terminal.type(`)${enter}`)
    await terminal.see('\n1\n')
    await terminal.see('dev> ')
    terminal.type(`await prisma.recruit.nosuch()${enter}`)
    await terminal.see('TypeError: prisma.recruit.nosuch is not a function')
    await terminal.see('dev> ')
    terminal.type(`.exit${enter}`)
    expect(await terminal.left).toBe(0)
  })
})

describe('studio', () => {
  test('listens on loopback only, and its page needs nothing from outside', async () => {
    const port = String(randomPort())
    const argv = [process.execPath, 'workshop/run.mjs', 'studio', '--port', port, '--browser', 'none']
    const terminal = openTerminal(argv, workshop.folder)
    await terminal.see('DEV   dev on 127.0.0.1')
    await terminal.see(`http://localhost:${port}`)
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    const assets = [...page.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]*)"/g)].map(([, address]) => address!)
    expect(assets.filter((address) => !address.startsWith('data:'))).toEqual(['/studio.css', '/studio.js'])
    for (const address of ['/studio.css', '/studio.js']) {
      const answer = await fetch(`http://127.0.0.1:${port}${address}`)
      expect(answer.status).toBe(200)
      // Studio ends only when what was asked for has been taken.
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0)
    }
    for (const address of otherAddresses()) {
      await expect(fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(2000) })).rejects.toThrow(
        /fetch failed|timeout/,
      )
    }
    terminal.type(ctrlC)
    await terminal.left
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
  })
})

test.each(['psql', 'shell', 'studio'])('%s stops at a wrong word, and at a server that is not there', async (door) => {
  expect((await workshop.door(door, '--env', 'staging')).output).toContain('There is no environment "staging".')
  expect((await workshop.door(door, '--envv', 'dev')).output).toContain("Unknown option '--envv'")
  const file = '.env.dev.local'
  const before = readFileSync(workshop.file(file), 'utf8')
  workshop.write(file, `DATABASE_URL=postgresql://dev:secret@127.0.0.1:9/dev\n`)
  const { code, output } = await workshop.run(door).finally(() => workshop.write(file, before))
  expect(output).toContain('DEV is not there.')
  expect(output).not.toContain('secret')
  expect(code).toBe(1)
})

function shell(input: string) {
  return workshop.exec([process.execPath, 'workshop/run.mjs', 'shell'], { input })
}

/** What was answered, without the lines about the database and the client. */
function answers(output: string): string[] {
  return output.split('\n').filter((line) => line !== '' && !/^(DEV|PROD) |^Generating/.test(line))
}

function migrations(): string[] {
  const folder = workshop.file('prisma/migrations')
  const names = readdirSync(folder).filter((name) => /^\d/.test(name))
  return names.sort().map((name) => readFileSync(join(folder, name, 'migration.sql'), 'utf8'))
}

function recruit(name: string): string {
  return `INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort)
    VALUES ('${name}', 'Example', 'chat', 'github', '${name}@example.com', 'C25')`
}

/** Where this machine could be reached from outside. */
function otherAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}
