import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { openCatalogs } from '../../../kit/catalog/catalogs.ts'
import { compareCatalogs } from '../../../kit/catalog/compare-catalogs.ts'
import { asMeant, forModel } from '../../../kit/catalog/model-differences.ts'
import { experiments, ways, type WayName } from '../../../workshop/lab/experiments.ts'
import { followedWrites, readFollowed } from '../../../workshop/lab/followed-writes.ts'
import { runAsPrisma } from '../../../kit/engine/run-as-prisma.ts'
import type { LabServer } from '../../../workshop/lab/lab-server.ts'
import { fillTemplate, freshPortal, hasTemplate, portalDatabase, portalFolder } from '../../../workshop/lab/portal.ts'
import { portalRows, recruitsAt } from '../../../workshop/lab/portal-rows.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

const scale = 0.0005
const folders = (folder: string) => readdirSync(folder).filter((name) => /^\d/.test(name))
const sqlIn = (folder: string) =>
  folders(folder).map((name) => readFileSync(join(folder, name, 'migration.sql'), 'utf8'))

let scratch: ScratchServer
let server: LabServer
let portal: pg.Client
beforeAll(async () => {
  scratch = await scratchServer()
  server = { url: (database) => scratch.url(database), folder: '', logFile: '', stop: async () => {} }
  await fillTemplate(server, scale, { onRows() {}, say() {} })
  await freshPortal(server, scale)
  portal = new pg.Client(server.url(portalDatabase))
  await portal.connect()
})
afterAll(async () => {
  await portal?.end()
  await scratch?.stop()
})

const ask = async <Row extends pg.QueryResultRow>(sql: string) => (await portal.query<Row>(sql)).rows

test('the portal has 26 tables, and each is linked to the recruits, directly or over others', async () => {
  const links = await ask<{ a: string; b: string }>(
    "SELECT conrelid::regclass::text AS a, confrelid::regclass::text AS b FROM pg_constraint WHERE contype = 'f'",
  )
  const linked = new Set(['recruits'])
  for (let size = 0; size !== linked.size;) {
    size = linked.size
    for (const { a, b } of links) if (linked.has(a) || linked.has(b)) linked.add(a).add(b)
  }
  expect(linked.size).toBe(26)
  const actions = await ask<{ action: string }>(
    "SELECT DISTINCT confdeltype AS action FROM pg_constraint WHERE contype = 'f' ORDER BY 1",
  )
  expect(actions.map(({ action }) => action)).toEqual(['a', 'c', 'n', 'r'])
})

test('it has the rows that are said: at scale 1 a million recruits, and five million around them', async () => {
  const all = portalRows(1).filter(({ rows }) => rows >= 50_000)
  const recruits = recruitsAt(1)
  expect(recruits).toBe(1_000_000)
  expect(all.reduce((sum, { rows }) => sum + rows, 0) - recruits).toBe(5_000_000)
  for (const { table, rows } of portalRows(scale)) {
    expect([table, (await ask<{ n: number }>(`SELECT count(*)::int AS n FROM "${table}"`))[0]!.n]).toEqual([
      table,
      rows,
    ])
  }
})

test('its models say what its migrations make: nothing differs that a model can say', async () => {
  const catalogs = openCatalogs(async () => scratch.adminUrl)
  try {
    const migrations = sqlIn(join(portalFolder, 'migrations'))
    const schema = readFileSync(join(portalFolder, 'schema.prisma'), 'utf8')
    const made = await catalogs.after(migrations)
    const said = await catalogs.ofModel(schema, migrations)
    expect(forModel(compareCatalogs(asMeant(said, made), made), said, made).map(({ words }) => words)).toEqual([])
  } finally {
    await catalogs.close()
  }
})

test('a run never begins with a changed portal: it is made anew, and nobody gets into the template', async () => {
  await portal.query('UPDATE recruits SET points = -1 WHERE id = 1')
  await portal.end()
  await freshPortal(server, scale)
  portal = new pg.Client(server.url(portalDatabase))
  await portal.connect()
  expect(await ask('SELECT points FROM recruits WHERE id = 1')).toEqual([{ points: 1 }])
  const [template] = await ask<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'portal_0%'",
  )
  const intruder = new pg.Client(server.url(template!.name))
  await expect(intruder.connect()).rejects.toThrow('not currently accepting connections')
})

test('a portal of another scale is another template, and one that was cut off while it was filled counts for nothing', async () => {
  expect([await hasTemplate(server, scale), await hasTemplate(server, 0.001)]).toEqual([true, false])
  await portal.query('CREATE DATABASE portal_being_filled')
  expect(await hasTemplate(server, 0.001)).toBe(false)
  await fillTemplate(server, 0.001, { onRows() {}, say() {} })
  expect(await hasTemplate(server, 0.001)).toBe(true)
})

test('each migration that a way names is there, and each that is there is named', () => {
  const changes = join(projectRoot, 'workshop', 'lab', 'changes')
  for (const name of readdirSync(changes)) {
    const steps = Object.entries(ways).flatMap(([way, one]) => ((one.folder ?? way) === name ? one.steps : []))
    const named = steps.flatMap((step) => (step.does === 'deploy' ? step.migrations : []))
    expect([name, [...new Set(named)].toSorted()]).toEqual([name, folders(join(changes, name))])
  }
})

test.each(Object.keys(ways) as WayName[])('%s: its steps run in their order, and keep every value', async (name) => {
  await portal.end()
  await freshPortal(server, scale)
  portal = new pg.Client(server.url(portalDatabase))
  await portal.connect()
  const { folder = name, steps } = ways[name]
  for (const step of steps) {
    if (step.does === 'backfill')
      await portal.query(`UPDATE recruits SET "${step.column}" = ${step.value} WHERE "${step.column}" IS NULL`)
    if (step.does === 'sql') for (const sql of step.sql.split('; ')) await portal.query(sql)
    if (step.does === 'sql') await portal.query('RESET session_replication_role')
    if (step.does !== 'deploy') continue
    const running = (async () => {
      for (const migration of step.migrations) {
        const file = join(projectRoot, 'workshop', 'lab', 'changes', folder, migration, 'migration.sql')
        await runAsPrisma(portal, readFileSync(file, 'utf8'))
      }
    })()
    if (step.mayFail) await expect(running).rejects.toThrow(/could not create unique index|is violated by some row/)
    else await running
  }
  const { column, made } = Object.values(experiments).find((one) =>
    one.ways.some((way) => (ways[way].folder ?? way) === folder),
  )!.followed
  expect(await readFollowed(portal, column, made, recruitsAt(scale), followedWrites())).toEqual({
    values: 500,
    lost: 0,
  })
})
