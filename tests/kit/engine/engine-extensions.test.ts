import { describe, expect, test } from '@jest/globals'
import type { DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { filters, query, withEngine } from '../../support/toy-project.ts'
import { engineBed } from './engine-bed.ts'

const bed = engineBed()

/** The project's schema, with the preview feature and these extensions. */
function listing(extensions: string): void {
  const [file] = bed.toy.schema().files
  const text = file!.content
    .replace(/.*(previewFeatures|extensions) *=.*\n/g, '')
    .replace('output', 'previewFeatures = ["postgresqlExtensions"]\n  output')
    .replace('"postgresql"', `"postgresql"\n  extensions = [${extensions}]`)
  bed.toy.write('prisma/schema.prisma', text)
}

describe('A schema that lists extensions', () => {
  test('comes into sync: only what no migration has made is made', async () => {
    bed.toy.migration('20250102000000_extensions', 'CREATE EXTENSION citext; CREATE EXTENSION pg_trgm;')
    const url = await bed.deployed()
    listing('citext, pg_trgm')
    const list = { migrationsList: await readMigrations(bed.migrations()), filters }
    await withEngine(url, async (engine) => {
      const made = { ...list, migrationName: 'x', schema: bed.toy.schema() }
      expect(await engine.createMigration({ ...made, draft: false })).toMatchObject({ migrationScript: null })
      expect(await engine.evaluateDataLoss(made)).toMatchObject({ migrationSteps: 0 })
      listing('citext, pg_trgm, hstore')
      const more = { ...made, schema: bed.toy.schema() }
      expect(await engine.createMigration({ ...more, draft: false })).toMatchObject({
        migrationScript: '-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS "hstore";\n',
      })
      expect(await engine.evaluateDataLoss(more)).toMatchObject({ migrationSteps: 1 })
    })
  })

  test.each([true, false])('differs from its migrations in nothing else (script: %s)', async (script) => {
    bed.toy.migration('20250102000000_extensions', 'CREATE EXTENSION citext;')
    const url = await bed.deployed()
    listing('citext')
    const from: DiffTarget = { tag: 'migrations', ...(await readMigrations(bed.migrations())) }
    await withEngine(url, async (engine) => {
      const to = async (tag: 'schemaDatamodel' | 'schemaDatasource') =>
        engine.diff({ from, to: { tag, ...bed.toy.schema() }, script, exitCode: true, filters })
      const none = script ? '-- This is an empty migration.\n' : 'No difference detected.\n'
      expect(await to('schemaDatamodel')).toEqual({ exitCode: 0, stdout: none })
      expect(await to('schemaDatasource')).toEqual({ exitCode: 0, stdout: none })
      listing('citext, hstore')
      expect(await to('schemaDatamodel')).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('hstore') })
    })
  })

  test('is pulled with them', async () => {
    const url = await bed.deployed()
    await query(bed.server.url(new URL(url).pathname.slice(1)), 'CREATE EXTENSION citext')
    listing('')
    const place = { baseDirectoryPath: bed.toy.folder, compositeTypeDepth: -1, namespaces: null }
    const pulled = await withEngine(url, (engine) =>
      engine.introspect({ schema: bed.toy.schema(), force: false, ...place }),
    )
    expect(pulled.schema.files[0]!.content).toMatch(/extensions += \[citext/)
  })
})

test('migrate dev has nothing to do where a migration has made them', async () => {
  bed.toy.migration('20250102000000_extensions', 'CREATE EXTENSION citext;')
  const url = await bed.deployed()
  listing('citext')
  const { code, output } = await bed.toy.prisma(url, 'migrate', 'dev', '--name', 'one')
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('Already in sync') })
})
