import { describe, expect, test } from '@jest/globals'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { filters, freshDatabase, query, request, withEngine } from '../../support/toy-project.ts'
import { engineBed, verb } from './engine-bed.ts'

const bed = engineBed()

const nullName = `-- Names are required.\n\nINSERT INTO recruits (name) VALUES (NULL);\n`
const failed =
  'A migration failed to apply. New migrations cannot be applied before the error is recovered from. ' +
  'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n' +
  'Migration name: 20250102000000_bad\n\n'

describe("The native engine's words come back for", () => {
  test('P3018, a migration that PostgreSQL refuses', async () => {
    bed.toy.migration('20250102000000_bad', nullName)
    const url = await freshDatabase(bed.server)
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'deploy')
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
    expect(await bed.toy.prisma(url, 'migrate', 'deploy')).toMatchObject({
      code: 1,
      output: expect.stringContaining('Error: P3009\n\nmigrate found failed migrations in the target database'),
    })
  })

  test('P3018 with the lines around a syntax error', async () => {
    bed.toy.migration(
      '20250102000000_bad',
      '-- Two columns.\nALTER TABLE recruits\n  ADD COLUMN a int,\n  ADDD COLUMN b int;\n',
    )
    const url = await freshDatabase(bed.server)
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
    bed.toy.migration(
      '20250102000000_bad',
      `DO $$ BEGIN RAISE 'stop\n"here"' USING ERRCODE = 'WS001', HINT = 'Go on.'; END $$;`,
    )
    const { message } = await applying(await freshDatabase(bed.server))
    expect(message).toContain('Database error code: WS001\n\nDatabase error:\nERROR: stop\n"here"\nHINT: Go on.\n\n')
    expect(message).toContain(
      'code: SqlState(Other("WS001")), message: "stop\\n\\"here\\"", detail: None, hint: Some("Go on.")',
    )
    expect(message).toContain('where_: Some("PL/pgSQL function inline_code_block line 1 at RAISE")')
  })

  test('P3006, a migration that fails on the shadow database', async () => {
    const url = await freshDatabase(bed.server)
    await applyMigrations(url, bed.migrations())
    bed.toy.migration('20250102000000_bad', 'ALTER TABLE nobody ADD COLUMN a int;')
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'dev', '--name', 'x')
    expect(code).toBe(1)
    expect(output).toContain(
      'Error: P3006\n\nMigration `20250102000000_bad` failed to apply cleanly to the shadow database. \n' +
        `Error code: P3018\nError:\n${failed}Database error code: 42P01\n\nDatabase error:\nERROR: relation "nobody" does not exist`,
    )
  })

  test('P3014, a role that may not create the shadow database', async () => {
    const url = await freshDatabase(bed.server, 'prod')
    const from = { tag: 'migrations' as const, ...(await readMigrations(bed.migrations())) }
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
    const url = (await freshDatabase(bed.server)).replace('dev:dev', 'dev:wrong')
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'deploy')
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
    const url = (await freshDatabase(bed.server)).replace('dev:dev', 'dev')
    const { code, stderr } = await verb(url, 'can-connect-to-database')
    expect(code).toBe(1)
    expect(JSON.parse(stderr.split('\n')[1]!)).toMatchObject({ level: 'ERROR', fields: { error_code: 'P1000' } })
  })

  test('P1001, nothing that listens', async () => {
    const { code, output } = await bed.toy.prisma('postgresql://dev:dev@127.0.0.1:1/dev', 'migrate', 'status')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        "P1001: Can't reach database server at `127.0.0.1:1`\n\nPlease make sure your database server is running at `127.0.0.1:1`.",
      ),
    })
  })

  test('P1003, no such database', async () => {
    await freshDatabase(bed.server)
    const { code, output } = await bed.toy.prisma(bed.server.url('nowhere', 'dev', 'dev'), 'migrate', 'status')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('P1003: Database `nowhere` does not exist'),
    })
  })

  test('a role that may not connect, in PostgreSQL’s own words', async () => {
    const url = await freshDatabase(bed.server)
    const database = new URL(url).pathname.slice(1)
    await query(bed.server.adminUrl, `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`)
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

test('A method that the engine lacks is answered, not left waiting', async () => {
  const [reply] = await request(await freshDatabase(bed.server), 'noSuchMethod', {})
  expect(reply).toMatchObject({ error: { data: { message: 'The engine has no method "noSuchMethod".' } } })
})

async function applying(url: string): Promise<Error & { code?: string }> {
  return applyMigrations(url, bed.migrations()).then(
    () => new Error('was applied'),
    (error: Error) => error,
  )
}
