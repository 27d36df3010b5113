import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Catalog } from '../../../kit/catalog/catalog.ts'
import { closingSql, compareCatalogs } from '../../../kit/catalog/compare-catalogs.ts'
import { readCatalog } from '../../../kit/catalog/read-catalog.ts'
import { openSchemas, type Schemas } from '../../../kit/catalog/schemas.ts'
import { inSync } from './drift-corpus-in-sync.ts'
import { base, corpus } from './drift-corpus.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

let server: ScratchServer
let admin: pg.Client
let schemas: Schemas
let should: { catalog: Catalog; schema: string }
let number = 0

beforeAll(async () => {
  server = await scratchServer()
  schemas = openSchemas(server.adminUrl)
  admin = new pg.Client(server.adminUrl)
  await admin.connect()
  await admin.query('CREATE DATABASE base')
  should = await onDatabase('base', async (client, url) => {
    await client.query(base)
    return { catalog: await readCatalog(client), schema: await schemas.live(url) }
  })
})
afterAll(async () => {
  await schemas?.close()
  await admin?.end()
  await server?.stop()
})

async function onDatabase<Result>(
  name: string,
  work: (client: pg.Client, url: string) => Promise<Result>,
): Promise<Result> {
  const url = server.url(name)
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client, url)
  } finally {
    await client.end()
  }
}

/** Runs the SQL in a copy of the base. */
async function onCopy<Result>(sql: string, work: (client: pg.Client, url: string) => Promise<Result>): Promise<Result> {
  const name = `copy_${++number}`
  await admin.query(`CREATE DATABASE ${name} TEMPLATE base STRATEGY file_copy`)
  return onDatabase(name, async (client, url) => {
    await client.query(sql)
    return work(client, url)
  })
}

describe(`each of ${corpus.length} kinds of drift is found and named, and its SQL closes it`, () => {
  test.each(corpus)('$kind (migrate diff $diff)', async ({ sql, found, diff }) => {
    await onCopy(sql, async (client, url) => {
      const differences = compareCatalogs(should.catalog, await readCatalog(client))
      const words = differences.map((difference) => difference.words).join('\n')
      for (const text of found) expect(words).toContain(text)
      const prisma = await schemas.difference(should.schema, await schemas.live(url))
      expect(prisma === undefined ? 'is blind' : 'sees it').toBe(diff)

      // What PostgreSQL cannot change in its place is a remark, not a statement.
      if (differences.some((difference) => difference.sql[0]!.startsWith('--'))) return
      for (const statement of closingSql(differences)) await client.query(statement)
      expect(compareCatalogs(should.catalog, await readCatalog(client))).toEqual([])
    })
  })
})

describe(`${inSync.length} databases that are in sync give no alarm`, () => {
  test.each(inSync)('%s', async (_, sql) => {
    await onCopy(sql, async (client) => {
      expect(compareCatalogs(should.catalog, await readCatalog(client))).toEqual([])
    })
  })
})
