import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openEngine } from '../../../kit/engine/engine.ts'
import { filters, freshDatabase, query, request } from '../../support/toy-project.ts'
import { engineBed } from './engine-bed.ts'

const bed = engineBed()

const mustStart = (protocol: string) =>
  `The provided database string is invalid. \`datasource.url\` in \`prisma.config.ts\` is invalid: must start with the protocol ${protocol}.`
const refusals = [
  ['sqlite', mustStart('`file:`')],
  ['mysql', mustStart('`mysql://`')],
  ['sqlserver', mustStart('`sqlserver://`')],
  [
    'cockroachdb',
    'The provided database string is invalid. You are trying to connect to a PostgreSQL database, but the provider in ' +
      'your Prisma schema is `cockroachdb`. Please change it to `postgresql`.',
  ],
] as const

/** The project's schema for another provider, as the engine is given it. */
function schemaFor(provider: string): { path: string; content: string } {
  const path = join(bed.toy.folder, 'prisma', 'schema.prisma')
  const content = readFileSync(path, 'utf8').replace('"postgresql"', `"${provider}" // "postgresql"`)
  bed.toy.write('prisma/schema.prisma', content)
  return { path, content }
}

test.each(refusals)('a schema for %s is refused where the URL leads to PostgreSQL', async (provider, message) => {
  const url = await freshDatabase(bed.server)
  const file = schemaFor(provider)
  await expect(openEngine({ url, datamodels: [[file.path, file.content]] })).rejects.toMatchObject({
    code: 'P1013',
    message,
  })
  const schema = { files: [file], configDir: bed.toy.folder }
  const engine = await openEngine({ url })
  const refused = { code: 'P1013', message }
  await expect(engine.schemaPush({ force: false, schema, filters })).rejects.toMatchObject(refused)
  const diff = { from: { tag: 'empty' as const }, to: { tag: 'schemaDatasource' as const, ...schema } }
  await expect(engine.diff({ ...diff, script: true, exitCode: null, filters })).rejects.toMatchObject(refused)
  await engine.close()
})

test('Prisma’s own command line says so, and applies nothing', async () => {
  const url = await freshDatabase(bed.server)
  schemaFor('sqlite')
  const { code, output } = await bed.toy.prisma(url, 'migrate', 'deploy')
  expect({ code, output }).toMatchObject({
    code: 1,
    output: expect.stringContaining(`Error: P1013\n\n${mustStart('`file:`')}`),
  })
  expect(await query(url, 'SELECT FROM pg_tables WHERE schemaname = current_schema')).toEqual([])
})

test('a schema for PostgreSQL is refused in the same words where the URL leads elsewhere', async () => {
  const { path, content } = schemaFor('postgresql')
  await expect(openEngine({ url: 'file:dev.db', datamodels: [[path, content]] })).rejects.toMatchObject({
    code: 'P1013',
    message: mustStart('`postgresql://` or `postgres://`'),
  })
})

test('what compares no database still writes the SQL of another one', async () => {
  const to = { tag: 'schemaDatamodel', files: [schemaFor('sqlite')], configDir: bed.toy.folder }
  const whole = { from: { tag: 'empty' }, to, script: true, exitCode: null, shadowDatabaseUrl: null, filters }
  const [printed] = await request(bed.server.adminUrl, 'diff', whole)
  expect(printed).toMatchObject({ params: { content: expect.stringContaining('AUTOINCREMENT') } })
})
