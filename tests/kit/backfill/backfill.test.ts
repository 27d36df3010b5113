import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { BackfillPlan } from '../../../kit/backfill/plan.ts'
import { backfillBed, isRight, visits, type BackfillBed, type FilledDatabase } from './backfill-bed.ts'

let bed: BackfillBed
beforeAll(async () => {
  bed = await backfillBed()
})
afterAll(() => bed?.stop())

describe('Every row is filled, in batches along the key of the table', () => {
  const keys: [kind: string, key: string, value: string][] = [
    ['a number', 'id int PRIMARY KEY', 'n'],
    ['a large number, below zero too', 'id bigint PRIMARY KEY', '(n - 1000) * 3000000000'],
    ['a uuid', 'id uuid PRIMARY KEY', 'md5(n::text)::uuid'],
    [
      'a text with quotes and in any language',
      'id text PRIMARY KEY',
      `chr(34) || chr(39) || chr(0x41 + n % 2000) || '\\' || n`,
    ],
    [
      'two columns of two types',
      'day date, "the id" numeric, PRIMARY KEY (day, "the id")',
      "date '2026-01-01' + n % 40, n / 7.0",
    ],
    ['a moment', 'at timestamptz PRIMARY KEY', "timestamptz '2026-01-01' + n * interval '0.000001 s'"],
    ['a unique index of a required column', 'id int, code varchar(9) NOT NULL UNIQUE', "n, 'c' || n"],
  ]
  test.each(keys)('%s', async (_, key, value) => {
    const db = await bed.database(visits(2_000, key, value))
    const seen: number[] = []
    const report = await db.backfill({}, { onProgress: ({ lookedAt }) => seen.push(lookedAt) })
    expect(report).toMatchObject({ outcome: 'filled', rows: 2_000, empty: 2_000, filled: 2_000, left: 0 })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.at(-1)).toBe(2_000)
    await isRight(db)
  })
})

describe('What cannot be filled is shown, and the rest goes on when it is mended', () => {
  test('a row whose value breaks a rule: its key, and all rows before it are done', async () => {
    const db = await bed.database(`${visits(3_000)} UPDATE visits SET page = 'PAGE 5' WHERE id = 1234;
      CREATE UNIQUE INDEX once ON visits (note);`)
    await expect(db.backfill()).rejects.toMatchObject({
      message: 'The backfill of visits.note stands before a row that it cannot fill: id = 1234.',
      why: expect.stringContaining(
        'violates unique constraint "once". Key (note)=(page 5) already exists. All rows before',
      ),
      next: [
        'npm run psql -- --env prod -c "SELECT * FROM visits WHERE id = 1234"    (shows it)',
        'npm run backfill visits.note "lower(page)" -- --env prod    (when it is mended: goes on there)',
        expect.stringContaining('--restart'),
      ],
    })
    expect(await db.rows('SELECT count(note)::int AS n FROM visits WHERE id < 1234')).toEqual([{ n: 1_233 }])
    await db.rows("UPDATE visits SET page = 'Page 1234' WHERE id = 1234")
    expect(await db.backfill()).toMatchObject({ outcome: 'filled', filled: 3_000 - 1_233 })
    await isRight(db)
  })

  test('rows for which the expression gives NULL: their keys; --restart gives them another value', async () => {
    const db = await bed.database(`${visits(1_000)} UPDATE visits SET page = NULL WHERE id IN (7, 8)`)
    const report = await db.backfill()
    expect(report).toMatchObject({ outcome: 'left', filled: 998, left: 2, withoutValue: ['id = 7', 'id = 8'] })
    const other = { expression: "coalesce(lower(page), '-')" }
    await expect(db.backfill(other)).rejects.toMatchObject({
      message: 'A backfill of visits.note was begun with another expression: nothing was changed.',
      why: expect.stringContaining('It has filled 998 rows with  lower(page)'),
    })
    expect(await db.backfill({ ...other, isRestart: true })).toMatchObject({ outcome: 'filled', filled: 2 })
    expect(await db.rows('SELECT id FROM visits WHERE note IS DISTINCT FROM lower(page)')).toEqual([
      { id: 7 },
      { id: 8 },
    ])
  })

  test('where: of the rows without a value, only some; a value that is there is never overwritten', async () => {
    const db = await bed.database(`${visits(1_000)} UPDATE visits SET note = 'own' WHERE id <= 10`)
    const plan = { where: "id % 2 = 0 OR page = 'Page 1'" }
    expect(await db.backfill(plan)).toMatchObject({ outcome: 'filled', empty: 495, filled: 495 })
    expect(
      await db.rows("SELECT count(*) FILTER (WHERE note = 'own')::int AS own, count(note)::int AS n FROM visits"),
    ).toEqual([{ own: 10, n: 505 }])
  })

  test('a column that goes meanwhile', async () => {
    const db = await bed.database(visits(3_000))
    const onProgress = () => void db.rows('ALTER TABLE visits RENAME COLUMN note TO remark').catch(() => {})
    await expect(db.backfill({ share: 50 }, { onProgress })).rejects.toMatchObject({
      message: 'visits has changed in the middle of a backfill.',
    })
  })
})

describe('Refused before a row is written', () => {
  const refused: [what: string, plan: Partial<BackfillPlan>, why: string | RegExp][] = [
    ['a table that is not there', { table: 'visit' }, 'PROD has no table visit in schema public.'],
    ['a view', { table: 'pages' }, 'pages is no table of rows.'],
    ['a column that is not there', { column: 'remark' }, /^visits has no column remark\. It has: id, page, note\.$/],
    ['a table without a key', { table: 'loose' }, /^loose has no primary key, and no unique index of required columns/],
    ['a column for a text', { expression: 'unknown' }, /column "unknown" does not exist/],
    ['another type', { expression: '7::point' }, /cannot cast type integer to point/],
    ['two expressions', { expression: 'page, id' }, /it is more than one expression\.$/],
    ['the end of the statement', { expression: "'x') WHERE true; DELETE FROM visits; --" }, /cannot be a value/],
    ['a place for a value', { expression: '$1' }, /\$1 and the like have no value here\.$/],
    ['rows that are locked', { expression: '(SELECT page FROM loose LIMIT 1 FOR UPDATE)' }, /it locks rows\.$/],
    ['two conditions', { where: 'true), (true' }, /it is more than one expression|cannot be a value/],
  ]
  let db: FilledDatabase
  beforeAll(async () => {
    db = await bed.database(`${visits(10)} CREATE VIEW pages AS SELECT page FROM visits;
      CREATE TABLE loose (id int UNIQUE, page text, note text); CREATE INDEX ON loose (page);`)
  })
  afterEach(async () => {
    expect(await db.rows("SELECT count(note)::int AS n, to_regclass('workshop.backfills') AS t FROM visits")).toEqual([
      { n: 0, t: null },
    ])
  })

  test.each(refused)('%s', async (_, plan, why) => {
    await expect(db.backfill(plan)).rejects.toMatchObject({
      message: expect.stringMatching(/ was not filled: nothing was changed\.$/),
      why: typeof why === 'string' ? why : expect.stringMatching(why),
    })
  })

  test('a disk with too little room, with both numbers', async () => {
    await expect(db.backfill({}, { free: async () => 1_000 })).rejects.toMatchObject({
      why: expect.stringMatching(/^It writes about \d+ MB, and the disk of PROD has 1 MB left\./),
    })
  })

  test('a dry run fills some rows, takes that back, and says how long all would take', async () => {
    const report = await db.backfill({ share: 50 }, { isDryRun: true })
    expect(report).toMatchObject({ outcome: 'tried', rows: 10, empty: 10, filled: 0, tried: { rows: 10, batches: 1 } })
    expect(report.tried!.seconds).toBeCloseTo((report.tried!.ms * 2) / 1000)
  })
})
