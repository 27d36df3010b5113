import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openCatalogs, scriptOf } from '../../../kit/catalog/catalogs.ts'
import { compareCatalogs } from '../../../kit/catalog/compare-catalogs.ts'
import { asMeant, forModel } from '../../../kit/catalog/model-differences.ts'
import { tableRows } from '../../../kit/drift/drift-table.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// Five hundred tables, as a firm has them after ten years.

let server: ScratchServer
beforeAll(async () => {
  server = await scratchServer()
})
afterAll(() => server?.stop())

const names = Array.from({ length: 500 }, (_, i) => `T${i}`)
const model = (name: string) => `model ${name} {
  id   Int     @id @default(autoincrement())
  code String? @default(dbgenerated())
  mail String? @db.Citext
  @@index([code], map: "${name}_some", where: raw("(mail IS NOT NULL)"))
}
`
const schema = `generator client {
  provider        = "prisma-client"
  output          = "./made"
  previewFeatures = ["partialIndexes", "postgresqlExtensions"]
}
datasource db {
  provider   = "postgresql"
  extensions = [citext]
}
${names.map(model).join('')}`

test('500 models with partial indexes, an extension and defaults of migrations: none differs, and one that does is found', async () => {
  const catalogs = openCatalogs(async () => server.adminUrl)
  try {
    const raw = names.map((name) => `ALTER TABLE "${name}" ALTER code SET DEFAULT upper('x');\n`).join('')
    const lower = names.map((name) => `CREATE UNIQUE INDEX "${name}_lower" ON "${name}" (lower(code));\n`).join('')
    const migrations = [await scriptOf(schema), raw, lower]
    const made = await catalogs.after(migrations)
    const said = await catalogs.ofModel(schema, migrations)
    const compare = (live: typeof made) => forModel(compareCatalogs(asMeant(said, live), live), said, live)
    expect(compare(made)).toEqual([])
    const [first, ...others] = made.tables
    const changed = { ...made, tables: [{ ...first!, columns: first!.columns.slice(1) }, ...others] }
    expect(compare(changed).map(({ words }) => words)).toEqual([expect.stringMatching(/^column T0\.id is missing/)])
    const rows = tableRows({
      layers: [
        { name: 'schema', catalog: said },
        { name: 'dev', catalog: made },
      ],
      links: [],
    })
    expect(rows.filter(({ cells }) => cells.join('') === '··')).toHaveLength(1_500)
  } finally {
    await catalogs.close()
  }
})
