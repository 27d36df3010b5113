import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { courseRows } from '../../../workshop/lab/course-rows.ts'
import { fillPortal, type FillOptions } from '../../../workshop/lab/fill-portal.ts'
import { portalFolder } from '../../../workshop/lab/portal.ts'
import { recruitsAt } from '../../../workshop/lab/portal-rows.ts'
import { courseEnd, laid, scriptsOf } from '../../support/laid-steps.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// The portal of the bonus steps: the lab's models around the recruits of the course.

const scale = 0.0002
const files = laid(courseEnd + 1)
const lab = readFileSync(join(portalFolder, 'schema.prisma'), 'utf8')
const course = files['prisma/schema.prisma']!

describe('its models', () => {
  const blocksOf = (schema: string) =>
    new Map([...schema.matchAll(/^(?:model|enum) (\w+) \{\n[^]*?^\}/gm)].map(([text, name]) => [name!, text]))
  const [own, theirs] = [blocksOf(course), blocksOf(lab)]

  test('are those of the lab, in the same words, but for the recruits and their cohorts', () => {
    expect([...theirs.keys()].filter((name) => !own.has(name))).toEqual(['RecruitStatus'])
    expect([...own.keys()].filter((name) => !theirs.has(name))).toEqual([])
    const unlike = [...own].filter(([name, text]) => theirs.get(name) !== text).map(([name]) => name)
    expect(unlike).toEqual(['Recruit', 'Cohort'])
    const plain = (text: string) => text.replaceAll(/ +/g, ' ')
    expect(plain(own.get('Cohort')!)).toBe(plain(theirs.get('Cohort')!).replace(' recruits Recruit[]\n', ''))
  })

  test('leave the recruits of the course every column, and give them a coach and a buddy', () => {
    const columns = (schema: string) => /^model Recruit \{\n([^]*?)\n\n/m.exec(schema)![1]
    expect(columns(course)).toBe(columns(laid(courseEnd)['prisma/schema.prisma']!))
    expect(own.get('Recruit')).toMatch(/ coachId +Int\? .* buddyId +Int\? /s)
  })
})

describe('its rows', () => {
  let server: ScratchServer
  let client: pg.Client
  beforeAll(async () => {
    server = await scratchServer()
    await onServer('CREATE DATABASE made')
    const made = await connected('made')
    for (const sql of scriptsOf(files)) await made.query(sql)
    await made.query(
      `INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort)
       SELECT 'A', 'B', 'a.b', 'a-b-c25-' || n, n || '@example.com', 'C25 Data Eng' FROM generate_series(1, 20) AS n`,
    )
    await made.end()
  })
  afterAll(async () => {
    await client?.end()
    await server?.stop()
  })
  beforeEach(async () => {
    await client?.end()
    await onServer('DROP DATABASE IF EXISTS portal')
    await onServer('CREATE DATABASE portal TEMPLATE made')
    client = await connected('portal')
  })

  const onServer = async (sql: string) => {
    const admin = await connected('postgres')
    await admin.query(sql).finally(() => admin.end())
  }
  const connected = async (database: string) => {
    const one = new pg.Client(server.url(database))
    await one.connect()
    return one
  }
  const fill = (more: Partial<FillOptions> = {}) =>
    fillPortal(client, { scale, changes: {}, isStopped: () => false, waiting() {}, onRows() {}, ...more })
  const ask = async <Row extends pg.QueryResultRow>(sql: string) => (await client.query<Row>(sql)).rows

  test('stand behind the recruits that were there, and are there once, however often they are asked for', async () => {
    const before = await ask('SELECT * FROM recruits ORDER BY id')
    const rows = courseRows(scale, 20)
    const all = rows.reduce((sum, one) => sum + one.rows, 0)
    expect(await fill()).toEqual({ did: 'filled', recruits: recruitsAt(scale), rows: all, tables: 26 })
    for (const { table, rows: n } of rows.filter((one) => one.table !== 'recruits'))
      expect([table, await ask(`SELECT count(*)::int AS n FROM "${table}"`)]).toEqual([table, [{ n }]])
    expect(await ask('SELECT * FROM recruits WHERE id <= 20 ORDER BY id')).toEqual(before)
    expect(await ask("SELECT min(id) AS first FROM recruits WHERE cohort LIKE 'Portal %'")).toEqual([{ first: 21 }])
    expect(await ask('SELECT min(recruit_id) AS first FROM enrolments')).toEqual([{ first: 21 }])
    const named = 'SELECT count(*)::int AS n FROM recruit_cards AS r JOIN cohorts AS c ON c.name = r.cohort'
    expect(await ask(named)).toEqual([{ n: recruitsAt(scale) }])
    const again = { did: 'nothing', recruits: recruitsAt(scale) }
    expect([await fill(), await fill({ scale: 0.001 })]).toEqual([again, again])
    expect(await ask("SELECT nextval('companies_id_seq')::int AS id")).toEqual([{ id: 51 }])
  })

  test('are all there, or none: a stop in the middle leaves nothing, and the next run makes them', async () => {
    let batches = 0
    expect(await fill({ isStopped: () => ++batches > 12 })).toEqual({ did: 'stopped' })
    expect(await ask('SELECT count(*)::int AS n FROM recruits, campuses')).toEqual([{ n: 0 }])
    expect(await fill()).toMatchObject({ did: 'filled' })
  })

  test('go where they belong after tables and columns were renamed, dropped and added', async () => {
    await client.query(`ALTER TABLE companies RENAME TO partners; ALTER TABLE offers RENAME company_id TO partner_id;
      ALTER TABLE devices DROP COLUMN serial CASCADE; ALTER TABLE reviews ADD project_id int NOT NULL REFERENCES projects`)
    await expect(fill()).resolves.toMatchObject({ did: 'refused', missing: ['companies'] })
    const project = `(SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = x.submission_id)`
    const changes = {
      companies: { isNow: 'partners' },
      offers: { renamed: { company_id: 'partner_id' } },
      devices: { without: ['serial'] },
      reviews: { added: { project_id: project } },
    }
    expect(await fill({ changes })).toMatchObject({ did: 'filled' })
    expect(await ask('SELECT count(DISTINCT project_id) > 20 AS many FROM reviews')).toEqual([{ many: true }])
  })

  test('come to empty tables alone: a row of somebody’s own is named, and nothing is added', async () => {
    await client.query("INSERT INTO companies (name) VALUES ('Ours')")
    expect(await fill()).toEqual({ did: 'refused', missing: [], taken: ['companies'] })
    expect(await ask('SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 20 }])
  })
})
