import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import {
  engineFile,
  filters,
  freshDatabase,
  offlineEnv,
  query,
  request,
  toyProject,
  withEngine,
  type ToyProject,
} from '../../support/toy-project.ts'

let server: ScratchServer
let toy: ToyProject

beforeAll(async () => {
  server = await scratchServer()
})
afterAll(() => server.stop())
beforeEach(() => {
  toy = toyProject()
})
afterEach(() => toy.remove())

const nullName = `-- Names are required.\n\nINSERT INTO recruits (name) VALUES (NULL);\n`
const failed =
  'A migration failed to apply. New migrations cannot be applied before the error is recovered from. ' +
  'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n' +
  'Migration name: 20250102000000_bad\n\n'

describe("The native engine's words come back for", () => {
  test('P3018, a migration that PostgreSQL refuses', async () => {
    toy.migration('20250102000000_bad', nullName)
    const url = await freshDatabase(server)
    const { code, output } = await toy.prisma(url, 'migrate', 'deploy')
    expect(code).toBe(1)
    expect(output).toContain(
      `Error: P3018\n\n${failed}Database error code: 23502\n\nDatabase error:\n` +
        'ERROR: null value in column "name" of relation "recruits" violates not-null constraint\n' +
        'DETAIL: Failing row contains (1, null).\n\n' +
        'DbError { severity: "ERROR", parsed_severity: Some(Error), code: SqlState(E23502), ' +
        'message: "null value in column \\"name\\" of relation \\"recruits\\" violates not-null constraint", ' +
        'detail: Some("Failing row contains (1, null)."), hint: None, position: None, where_: None, ' +
        'schema: Some("public"), table: Some("recruits"), column: Some("name"), datatype: None, constraint: None, ',
    )
    const [row] = await query<{ logs: string }>(url, 'SELECT logs FROM _prisma_migrations WHERE finished_at IS NULL')
    expect(row?.logs).toContain(`${failed}Database error code: 23502`)
    expect(await toy.prisma(url, 'migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('Error: P3009\n\nmigrate found failed migrations in the target database'),
    })
  })

  test('P3018 with the lines around a syntax error', async () => {
    toy.migration(
      '20250102000000_bad',
      '-- Two columns.\nALTER TABLE recruits\n  ADD COLUMN a int,\n  ADDD COLUMN b int;\n',
    )
    const url = await freshDatabase(server)
    const error = await applying(url)
    expect(error.code).toBe('P3018')
    expect(error.message).toContain(
      'ERROR: syntax error at or near "ADDD"\n\nPosition:\n\u001B[1m  0\u001B[0m\n\u001B[1m  1\u001B[0m -- Two columns.\n' +
        '\u001B[1m  2\u001B[0m ALTER TABLE recruits\n\u001B[1m  3\u001B[0m   ADD COLUMN a int,\n' +
        '\u001B[1m  4\u001B[1;31m   ADDD COLUMN b int;\u001B[0m\n\nDbError { severity: "ERROR"',
    )
    expect(error.message).toContain('position: Some(Original(60))')
  })

  test('P3018 with a hint, a place inside a function, and an error code of its own', async () => {
    toy.migration(
      '20250102000000_bad',
      `DO $$ BEGIN RAISE 'stop\n"here"' USING ERRCODE = 'WS001', HINT = 'Go on.'; END $$;`,
    )
    const { message } = await applying(await freshDatabase(server))
    expect(message).toContain('Database error code: WS001\n\nDatabase error:\nERROR: stop\n"here"\nHINT: Go on.\n\n')
    expect(message).toContain(
      'code: SqlState(Other("WS001")), message: "stop\\n\\"here\\"", detail: None, hint: Some("Go on.")',
    )
    expect(message).toContain('where_: Some("PL/pgSQL function inline_code_block line 1 at RAISE")')
  })

  test('P3006, a migration that fails on the shadow database', async () => {
    const url = await freshDatabase(server)
    await applyMigrations(url, join(toy.folder, 'prisma', 'migrations'))
    toy.migration('20250102000000_bad', 'ALTER TABLE nobody ADD COLUMN a int;')
    const { code, output } = await toy.prisma(url, 'migrate', 'dev', '--name', 'x')
    expect(code).toBe(1)
    expect(output).toContain(
      'Error: P3006\n\nMigration `20250102000000_bad` failed to apply cleanly to the shadow database. \n' +
        `Error code: P3018\nError:\n${failed}Database error code: 42P01\n\nDatabase error:\nERROR: relation "nobody" does not exist`,
    )
  })

  test('P3014, a role that may not create the shadow database', async () => {
    const url = await freshDatabase(server, 'prod')
    const from = { tag: 'migrations' as const, ...(await readMigrations(join(toy.folder, 'prisma', 'migrations'))) }
    const diff = { from, to: { tag: 'empty' as const }, script: false, exitCode: true, filters }
    const refused = await withEngine(url, (engine) => engine.diff(diff)).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'P3014',
      message: expect.stringContaining(
        'Prisma Migrate could not create the shadow database. Please make sure the database user has permission ' +
          'to create databases. Read more about the shadow database (and workarounds) at https://pris.ly/d/migrate-shadow\n\n' +
          'Original error: \nERROR: permission denied to create database',
      ),
    })
  })

  test('P1000, a wrong password', async () => {
    const url = (await freshDatabase(server)).replace('dev:dev', 'dev:wrong')
    const { code, output } = await toy.prisma(url, 'migrate', 'deploy')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'P1000: Authentication failed against database server, the provided database credentials for `dev` are not valid.\n\n' +
          'Please make sure to provide valid database credentials for the database server at the configured address.',
      ),
    })
    expect(output).not.toContain('wrong')
  })

  test('P1000, no password at all, and the process ends', async () => {
    const url = (await freshDatabase(server)).replace('dev:dev', 'dev')
    const { code, stderr } = await verb(url, 'can-connect-to-database')
    expect(code).toBe(1)
    expect(JSON.parse(stderr.split('\n')[1]!)).toMatchObject({ level: 'ERROR', fields: { error_code: 'P1000' } })
  })

  test('P1001, nothing that listens', async () => {
    const { code, output } = await toy.prisma('postgresql://dev:dev@127.0.0.1:1/dev', 'migrate', 'status')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        "P1001: Can't reach database server at `127.0.0.1:1`\n\nPlease make sure your database server is running at `127.0.0.1:1`.",
      ),
    })
  })

  test('P1003, no such database', async () => {
    await freshDatabase(server)
    const { code, output } = await toy.prisma(server.url('nowhere', 'dev', 'dev'), 'migrate', 'status')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('P1003: Database `nowhere` does not exist'),
    })
  })

  test('a role that may not connect, in PostgreSQL’s own words', async () => {
    const url = await freshDatabase(server)
    const database = new URL(url).pathname.slice(1)
    await query(server.adminUrl, `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`)
    await expect(openEngine({ url })).rejects.toThrow('permission denied for database')
  })

  test('P1013, an address that is none, without quoting it', async () => {
    for (const url of ['nonsense with secret', 'mysql://dev:secret@127.0.0.1/dev']) {
      const refused = await openEngine({ url }).catch((error: Error) => error)
      expect(refused).toMatchObject({ code: 'P1013' })
      expect((refused as Error).message).not.toContain('secret')
    }
  })
})

describe('On a database marked prod', () => {
  test('"migrate dev" is refused, with the reason and what to type instead', async () => {
    const url = await freshDatabase(server, 'prod', 'prod')
    const { code, output } = await toy.prisma(url, 'migrate', 'dev', '--name', 'x')
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(refusal('migrate dev')) })
    expect(output).toMatch(/why {3}.* is marked as PROD\./)
    expect(output).toContain('npm run migrate -- deploy --env prod')
    expect(output).not.toMatch(/^ {4}at /m)
    expect(await tablesIn(url)).toEqual([])
  })

  test('"db push" is refused, with the reason and what to type instead', async () => {
    const url = await freshDatabase(server, 'prod', 'prod')
    const [{ error } = {}] = await request(url, 'schemaPush', { force: true, schema: toy.schema(), filters })
    const { message } = (error as { data: { message: string } }).data
    expect(message).toContain(refusal('db push'))
    expect(message).toMatch(/why {3}.* is marked as PROD\./)
    expect(message).toContain('npm run migrate -- deploy --env prod')
    expect(await tablesIn(url)).toEqual([])
  })

  test('the engine refuses to reset', async () => {
    const url = await freshDatabase(server, 'prod', 'prod')
    await query(url, 'CREATE TABLE kept (id int)')
    const [reply] = await request(url, 'reset', { filter: filters })
    expect(reply).toMatchObject({
      error: { code: 4466, data: { is_panic: false, message: expect.stringContaining('npm run db reset') } },
    })
    expect(await query(url, 'TABLE kept')).toEqual([])
  })

  test('who may not read the marker may not wipe either', async () => {
    const url = await freshDatabase(server, 'prod', 'dev')
    await query(server.url(new URL(url).pathname.slice(1)), 'REVOKE ALL ON SCHEMA workshop FROM prod')
    await withEngine(url, (engine) => expect(engine.reset({ filter: filters })).rejects.toThrow('PROD was not touched'))
  })

  test('what wipes nothing is allowed: deploy, status, db execute', async () => {
    const url = await freshDatabase(server, 'prod', 'prod')
    const folder = join(toy.folder, 'prisma', 'migrations')
    await applyMigrations(url, folder)
    const history = { migrationsList: await readMigrations(folder), filters, optInToShadowDatabase: false }
    const seen = await withEngine(url, (engine) => engine.diagnoseMigrationHistory(history))
    expect(seen).toMatchObject({ history: null, failedMigrationNames: [], hasMigrationsTable: true })
    toy.write('one.sql', `INSERT INTO recruits (name) VALUES ('Ann')`)
    expect(await toy.prisma(url, 'db', 'execute', '--file', 'one.sql')).toMatchObject({ code: 0 })
    expect(await query(url, 'SELECT name FROM recruits')).toEqual([{ name: 'Ann' }])
  })
})

test('This clone’s DEV may be reset, and so may a database without tables', async () => {
  const url = await freshDatabase(server, 'dev', 'dev')
  await query(url, 'CREATE TABLE gone (id int)')
  await withEngine(url, (engine) => engine.reset({ filter: filters }))
  await expect(query(url, 'TABLE gone')).rejects.toThrow('does not exist')
  expect(await toy.prisma(await freshDatabase(server, 'dev'), 'db', 'push')).toMatchObject({ code: 0 })
})

describe('A database with tables that is no DEV of this clone is not wiped:', () => {
  const refused = 'Nothing was done: "db push" is for the DEV database of this clone only'
  const holding = async (marker?: string, clone?: string) => {
    const url = await freshDatabase(server, 'dev', marker, clone)
    await query(url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)')
    return url
  }

  test('one without a marker', async () => {
    const url = await holding()
    const { code, output } = await toy.prisma(url, 'db', 'push', '--accept-data-loss')
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(refused) })
    expect(await query(url, 'TABLE kept')).toEqual([{ id: 1 }])
  })

  test('another clone’s', async () => {
    const url = await holding('dev', 'another-clone')
    const push = { force: true, schema: toy.schema(), filters }
    await withEngine(url, (engine) => expect(engine.schemaPush(push)).rejects.toThrow(refused))
    expect(await query(url, 'TABLE kept')).toEqual([{ id: 1 }])
  })
})

test('An address that was read as DEV’s and leads to PROD writes nothing', async () => {
  const url = await freshDatabase(server, 'prod', 'prod')
  const env = { DATABASE_URL: url, WORKSHOP_EXPECTS: 'dev' }
  const { code, output } = await toy.prisma(env, 'migrate', 'deploy')
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was done: this is PROD') })
  const execute = { datasourceType: { tag: 'url', url }, script: 'CREATE TABLE wrong (id int)' }
  const [{ error } = {}] = await request(env, 'dbExecute', execute)
  expect(error).toMatchObject({ data: { message: expect.stringContaining('Nothing was done: this is PROD') } })
  expect(await tablesIn(url)).toEqual([])
})

test('A method that the engine lacks is answered, not left waiting', async () => {
  const [reply] = await request(await freshDatabase(server), 'noSuchMethod', {})
  expect(reply).toMatchObject({ error: { data: { message: 'The engine has no method "noSuchMethod".' } } })
})

function refusal(command: string): string {
  return `PROD was not touched: "${command}" is not for PROD.`
}

function tablesIn(url: string): Promise<unknown[]> {
  return query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
}

async function applying(url: string): Promise<Error & { code?: string }> {
  return applyMigrations(url, join(toy.folder, 'prisma', 'migrations')).then(
    () => new Error('was applied'),
    (error: Error) => error,
  )
}

/** One of the executable's verbs; the first line of its stderr is for the CLI to drop. */
function verb(url: string, name: string): Promise<{ code: number | null; stderr: string }> {
  const engine = spawn(process.execPath, [engineFile, '--datasource', JSON.stringify({ url }), 'cli', name], {
    env: offlineEnv(),
  })
  let stderr = ''
  engine.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve) => engine.once('close', (code) => resolve({ code, stderr })))
}
