import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { must } from '../../support/measure.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = scratchWorkshop()
  const first = await workshop.npm('start')
  expect(first).toMatchObject({ code: 0 })
})
afterAll(() => workshop?.remove())

test('npm start ends with both databases up, the client generated, and the next command', async () => {
  const { code, output } = await workshop.npm('start')
  expect(code).toBe(0)
  expect(output).toMatch(/✓ DEV {3}dev on 127\.0\.0\.1:\d+ {3}empty/)
  expect(output).toMatch(/✓ PROD {2}prod on 127\.0\.0\.1:\d+ {3}empty/)
  expect(output).toContain('step-00-two-databases')
  expect(output).toMatch(/next {2}/)
  expect(readFileSync(workshop.file('prisma/generated/client.ts'), 'utf8')).toContain('Recruit')
})

test('npm start applies no migrations', async () => {
  for (const env of ['dev', 'prod'] as const) {
    const tables = await workshop.sql(env, "SELECT FROM information_schema.tables WHERE table_schema = 'public'")
    expect(tables).toHaveLength(0)
  }
})

test('two npm starts at once both end well', async () => {
  await must(workshop.door('db', 'down'))
  const both = await Promise.all([workshop.npm('start'), workshop.npm('start')])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
})

test('both servers are PostgreSQL 18, and outlive the command that started them', async () => {
  for (const env of ['dev', 'prod'] as const) {
    expect(await workshop.sql(env, "SELECT current_setting('server_version') AS v")).toEqual([{ v: '18.4' }])
  }
})

test.each([
  ['dev', true],
  ['prod', false],
] as const)(
  'the role of %s owns public, may make schemas, is no superuser, owns no database',
  async (env, mayCreate) => {
    const [role] = await workshop.sql(
      env,
      `SELECT rolname, rolsuper, rolcreatedb, rolcreaterole,
            pg_get_userbyid(nspowner) AS public_owner,
            pg_get_userbyid(datdba) AS database_owner,
            has_database_privilege(current_database(), 'CREATE') AS may_make_schemas
     FROM pg_roles, pg_namespace, pg_database
     WHERE rolname = current_user AND nspname = 'public' AND datname = current_database()`,
    )
    expect(role).toEqual({
      rolname: env,
      rolsuper: false,
      rolcreatedb: mayCreate,
      rolcreaterole: false,
      public_owner: env,
      database_owner: 'postgres',
      may_make_schemas: true,
    })
  },
)

test('a database says what it is, and its own role cannot change what it says', async () => {
  expect(await workshop.sql('prod', 'SELECT environment FROM workshop.marker')).toEqual([{ environment: 'prod' }])
  await expect(workshop.sql('prod', "UPDATE workshop.marker SET environment = 'dev'")).rejects.toThrow(
    'permission denied',
  )
  await expect(workshop.sql('prod', 'DROP SCHEMA workshop CASCADE')).rejects.toThrow('must be owner')
})

test('a wrong password is refused', async () => {
  const url = workshop.url('prod')
  workshop.write('.env.prod.local', `DATABASE_URL=${url.replace(':prod@', ':wrong@')}\n`)
  const { code, output } = await workshop.door('db', 'status')
  workshop.write('.env.prod.local', `# Written by npm start, because the port in a test\nDATABASE_URL=${url}\n`)
  expect(code).toBe(1)
  expect(output).toContain('PROD does not let you in')
  expect(output).not.toContain('wrong@')
})

test('the admin password lies under .workshop alone, for its owner alone', () => {
  const password = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  expect(password).toMatch(/^[0-9a-f]{48}$/)
  if (process.platform !== 'win32') {
    expect(statSync(workshop.file('.workshop/admin-password')).mode & 0o077).toBe(0)
  }
})

test('db url prints the effective addresses, the local file winning, with the passwords masked', async () => {
  const { output } = await workshop.door('db', 'url')
  const port = new URL(workshop.url('dev')).port
  expect(output).toContain(`DEV   postgresql://dev:****@127.0.0.1:${port}/dev`)
  expect(output).not.toContain(':prod@')
})

test('a client that was made once for a schema is not made again, and a schema with an error shows Prisma’s words', async () => {
  const generating = 'Generating Prisma Client'
  const finished = readFileSync(workshop.file('prisma/schema.prisma'), 'utf8')
  try {
    workshop.write('prisma/schema.prisma', finished.replace(/model Recruit[^]*/, ''))
    expect(await workshop.door('start')).toMatchObject({ code: 0, output: expect.stringContaining(generating) })
    workshop.write('prisma/schema.prisma', finished.replace('String', 'Strin'))
    const broken = await workshop.door('start')
    expect(broken.code).toBe(1)
    expect(broken.output).toContain('Type "Strin" is neither a built-in type')
  } finally {
    workshop.write('prisma/schema.prisma', finished)
  }
  const again = await workshop.run('shell', '-c', 'Object.keys(prisma).includes("recruit")')
  expect(again.output).not.toContain('Generating')
  expect(again.output).toContain('true')
})

test('what fails is said when all else that was begun has ended', async () => {
  for (const made of ['prisma/generated', '.workshop/clients']) rmSync(workshop.file(made), { recursive: true })
  const own = readFileSync(workshop.file('.env.dev.local'), 'utf8')
  workshop.write('.env.dev.local', own.replace('127.0.0.1', 'nowhere.invalid'))
  try {
    const { code, output } = await workshop.door('start')
    expect([code, output]).toEqual([1, expect.stringContaining('nowhere.invalid')])
    expect(existsSync(workshop.file('prisma/generated/.schema-hash'))).toBe(true)
  } finally {
    workshop.write('.env.dev.local', own)
  }
})
