import { describe, expect, test } from '@jest/globals'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { schemaComplaint } from '../../../kit/engine/engine-error.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { filters, freshDatabase, query, withEngine } from '../../support/toy-project.ts'
import { engineBed, verb } from './engine-bed.ts'

const bed = engineBed()

describe('P3018 brings PostgreSQL’s words for', () => {
  test.each([
    ['a file with a BOM', '\uFEFFCREATE TABLE a (id int);', '42601', 'syntax error at or near "\uFEFFCREATE"'],
    ['a command of psql', '\\connect other\nCREATE TABLE a (id int);', '42601', 'syntax error at or near "\\"'],
    [
      'rows of COPY in the file',
      'CREATE TABLE a (id int);\nCOPY a FROM stdin;\n1\n\\.\n',
      '42601',
      'syntax error at or near "1"',
    ],
  ])('%s, and nothing of it stays', async (_, sql, code, words) => {
    const url = await freshDatabase(bed.server)
    bed.toy.migration('20250102000000_odd', sql)
    const error = await applyMigrations(url, bed.migrations()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'P3018',
      message: expect.stringContaining(`Database error code: ${code}\n\nDatabase error:\nERROR: ${words}`),
    })
    expect(await query(url, "SELECT FROM pg_tables WHERE tablename = 'a'")).toEqual([])
  })

  test('COPY FROM stdin alone, which waits for rows that nobody sends', async () => {
    const url = await freshDatabase(bed.server)
    bed.toy.migration('20250102000000_odd', 'COPY recruits FROM stdin;')
    const error = await applyMigrations(url, bed.migrations()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'P3018', message: expect.stringContaining('Database error code: 57014') })
  })
})

test('a schema in several files is compared as one', async () => {
  const { content } = bed.toy.schema().files[0]!
  const at = content.indexOf('model')
  const files = [
    { path: 'prisma/schema/base.prisma', content: content.slice(0, at) },
    { path: 'prisma/schema/models/recruit.prisma', content: content.slice(at) },
  ]
  const engine = await openEngine({
    url: await bed.deployed(),
    datamodels: files.map((one) => [one.path, one.content]),
  })
  const from = { tag: 'migrations' as const, ...(await readMigrations(bed.migrations())) }
  for (const tag of ['schemaDatamodel', 'schemaDatasource'] as const) {
    const to = { tag, files, configDir: bed.toy.folder }
    expect(await engine.diff({ from, to, script: false, exitCode: true, filters })).toMatchObject({ exitCode: 0 })
  }
  await engine.close()
})

test('a schema that cannot be read is named with its line, in a folder with spaces too', async () => {
  const [file] = bed.toy.schema().files
  const content = file!.content.replace('String', 'Strin')
  const url = await freshDatabase(bed.server)
  await withEngine(url, async (engine) => {
    const to = { tag: 'schemaDatamodel' as const, files: [{ path: file!.path, content }] }
    const diff = { from: { tag: 'empty' as const }, to, script: false, exitCode: null, filters }
    const error = await engine.diff(diff).catch((thrown: unknown) => thrown)
    const words = 'Type "Strin" is neither a built-in type, nor refers to another model, composite type, or enum.'
    expect(schemaComplaint(error)).toEqual({
      words,
      line: content.split('\n').findIndex((one) => one.includes('Strin')) + 1,
    })
  })
  expect(schemaComplaint(new Error('another'))).toBeUndefined()
})

test('a schema with views alone differs from no database: views are PostgreSQL’s', async () => {
  const [file] = bed.toy.schema().files
  const head = file!.content
    .slice(0, file!.content.indexOf('model'))
    .replace('output', 'previewFeatures = ["views"]\n  output')
  bed.toy.write('prisma/schema.prisma', `${head}view Name {\n  name String @unique\n}\n`)
  const url = await freshDatabase(bed.server)
  await query(url, `CREATE VIEW "Name" AS SELECT 'Ann'::text AS name`)
  await withEngine(url, async (engine) => {
    const from = { tag: 'schemaDatasource' as const, ...bed.toy.schema() }
    const to = { tag: 'schemaDatamodel' as const, ...bed.toy.schema() }
    expect(await engine.diff({ from, to, script: true, exitCode: true, filters })).toMatchObject({ exitCode: 0 })
    expect((await engine.introspect(pulled())).schema.files[0]!.content).toContain('view Name {')
  })
})

/** What `db pull` asks. */
function pulled() {
  const [schema, baseDirectoryPath] = [bed.toy.schema(), bed.toy.folder]
  return { schema, force: false, baseDirectoryPath, compositeTypeDepth: -1, namespaces: null }
}

test('a database of 500 tables is compared and pulled', async () => {
  const [file] = bed.toy.schema().files
  const tables = Array.from({ length: 500 }, (_, i) => i)
  const create = tables.map(
    (i) =>
      `CREATE TABLE t${i} (id int PRIMARY KEY, name text NOT NULL${i > 0 ? `, before int REFERENCES t${i - 1}` : ''});`,
  )
  bed.toy.migration('20250102000000_many', create.join('\n'))
  const url = await bed.deployed()
  await withEngine(url, async (engine) => {
    const { schema } = await engine.introspect(pulled())
    expect(schema.files[0]!.content.match(/^model t\d+ /gm)).toHaveLength(500)
    const from = { tag: 'schemaDatasource' as const, ...bed.toy.schema() }
    const to = { tag: 'schemaDatamodel' as const, files: [{ path: file!.path, content: schema.files[0]!.content }] }
    expect(await engine.diff({ from, to, script: false, exitCode: true, filters })).toMatchObject({ exitCode: 0 })
  })
})

test('a database is never dropped through the engine’s verb', async () => {
  const url = await bed.deployed()
  const { code, stderr } = await verb(url, 'drop-database')
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was dropped') })
  expect(await query(url, 'TABLE recruits')).toEqual([])
})
