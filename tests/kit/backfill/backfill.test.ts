import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextSize, pauseAfter } from '../../../kit/backfill/pace.ts'
import type { BackfillPlan } from '../../../kit/backfill/plan.ts'
import { waitForReplicas } from '../../../kit/backfill/replicas.ts'
import { until } from '../../support/until.ts'
import { backfillBed, visits, type BackfillBed, type FilledDatabase } from './backfill-bed.ts'

let bed: BackfillBed
beforeAll(async () => {
  bed = await backfillBed()
})
afterAll(() => bed?.stop())

/** Rows of which the column is not what the expression says. */
const wrong = 'SELECT count(*)::int AS n FROM visits WHERE note IS DISTINCT FROM lower(page)'
const isRight = async (db: FilledDatabase) => expect(await db.rows(wrong)).toEqual([{ n: 0 }])

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

describe('Nothing that happens meanwhile leaves a row wrong', () => {
  /** Some rows take a moment, so that there is a middle. */
  const slowly = { expression: "lower(page) || CASE WHEN id % 20 = 0 THEN left(pg_sleep(0.0001)::text, 0) ELSE '' END" }

  test('its session is killed twenty times at random, and it goes on where it was', async () => {
    const db = await bed.database(visits(4_000))
    const killer = await db.session()
    const begins: number[] = []
    let killed = 0
    for (let round = 0; killed < 20; round++) {
      let lookedAt: number | undefined
      const running = db.backfill(slowly, { onBegin: (counted) => (lookedAt = counted.lookedAt) })
      const ended = running.then(
        () => true,
        () => false,
      )
      await until('it has begun', () => lookedAt !== undefined)
      begins.push(lookedAt!)
      await sleep(Math.random() * 60)
      const { rows } = await killer.query(killIt)
      killed += rows.length
      if (!(await ended)) continue
      // It was quicker than the killer: all is done, and a part is taken back to go on with.
      await isRight(db)
      await db.rows('UPDATE visits SET note = NULL WHERE id > 2000')
    }
    await db.backfill(slowly)
    await isRight(db)
    expect(begins.some((lookedAt) => lookedAt > 0)).toBe(true)
  })

  test('what the application writes meanwhile stays, and rows that come without a value get theirs', async () => {
    const db = await bed.database(visits(5_000, 'id int PRIMARY KEY, written text', 'n, NULL'))
    const client = await db.session()
    const app = { isOver: false, came: 0 }
    const traffic = async () => {
      for (let n = 0; !app.isOver; n++) {
        const id = 1 + ((n * 7919) % 5_000)
        await client.query(`UPDATE visits SET note = 'own ' || $1, written = 'own ' || $1 WHERE id = $1`, [id])
        // The old version of it knows nothing of the column; these keys lie behind, where it was already.
        await client.query('INSERT INTO visits (id, page) VALUES ($1, $2)', [-++app.came, `Late ${app.came}`])
      }
    }
    const isWorking = traffic()
    const report = await db.backfill(slowly, {
      onProgress({ lookedAt }) {
        if (lookedAt > 3_000) app.isOver = true
      },
    })
    await isWorking
    expect(report).toMatchObject({ outcome: 'filled', left: 0 })
    expect(app.came).toBeGreaterThan(10)
    expect(
      await db.rows('SELECT count(*)::int AS n FROM visits WHERE note IS DISTINCT FROM coalesce(written, lower(page))'),
    ).toEqual([{ n: 0 }])
  })

  test('a second one on the same table says who is at work, and ends', async () => {
    const db = await bed.database(visits(3_000))
    const first = db.backfill(slowly)
    await until('the first one is at work', async () => (await db.rows(working)).length === 1)
    const second = db.backfill({ column: 'page', expression: "'x'" }, { turnPatience: 0 })
    await expect(second).rejects.toMatchObject({
      message: 'visits is being filled already: nothing was changed.',
      why: expect.stringMatching(
        /^On PROD, a backfill of visits\.note, process \d+ \(session \d+ since .*\) is at work/,
      ),
    })
    expect(await first).toMatchObject({ outcome: 'filled' })
    await isRight(db)
  })

  test('stopped by a signal, it ends with a batch and goes on there', async () => {
    const db = await bed.database(visits(3_000))
    const stopping = new AbortController()
    const { signal } = stopping
    const stopped = await db.backfill({}, { signal, onProgress: () => stopping.abort() })
    expect(stopped).toMatchObject({ outcome: 'stopped', batches: 1, filled: 500 })
    expect(
      await db.rows('SELECT count(note)::int AS n, max(id) FILTER (WHERE note <> $$$$) AS last FROM visits'),
    ).toEqual([{ n: 500, last: 500 }])
    const seen: number[] = []
    const report = await db.backfill({}, { onBegin: ({ lookedAt }) => seen.push(lookedAt) })
    expect(seen).toEqual([500])
    expect(report).toMatchObject({ outcome: 'filled', filled: 2_500 })
  })

  test('a server that stops in the middle is said, and what is filled is whole', async () => {
    const db = await bed.database(visits(3_000))
    const killer = await db.session()
    const cut = db.backfill(slowly, { onProgress: () => void killer.query(killIt) })
    await expect(cut).rejects.toMatchObject({
      message: 'PROD went away in the middle of a backfill.',
      why: expect.stringMatching(/[\d,]+ rows were filled before, and each is whole\.$/),
      next: ['npm run db up', expect.stringMatching(/^npm run backfill visits\.note .* -- --env prod {4}/)],
    })
    await db.backfill(slowly)
    await isRight(db)
  })
})

describe('Whoever is in the way is named', () => {
  test('a row that somebody holds: it tries again with fewer rows, and fills it when it is free', async () => {
    const db = await bed.database(visits(3_000))
    const other = await db.session()
    await other.query("SET application_name = 'somebody''s psql'; BEGIN; UPDATE visits SET page = 'Own' WHERE id = 700")
    const said: string[] = []
    const say = (line: string) => {
      said.push(line)
      if (line.includes('psql')) void other.query('COMMIT')
    }
    expect(await db.backfill({}, { say, patience: 300 })).toMatchObject({ outcome: 'filled', left: 0 })
    expect(said.join('\n')).toMatch(
      /A batch got no lock within 0\.3 s, held by somebody's psql \(process \d+, idle in transaction since .*\), and was rolled back\. It tries again in 0\.\d+ s\./,
    )
    await isRight(db)
  })

  const hold = ['LOCK TABLE visits IN SHARE MODE', 'SELECT FROM visits WHERE id = 700 FOR UPDATE']
  test.each(hold)('one that never lets go ends it, after some tries: %s', async (sql) => {
    const db = await bed.database(visits(1_000))
    const other = await db.session()
    await other.query(`SET application_name = 'a report'; BEGIN; ${sql}`)
    await expect(db.backfill({}, { patience: 100 })).rejects.toMatchObject({
      message: 'The backfill of visits.note has stopped: somebody holds the next rows.',
      why: expect.stringContaining('a report (process'),
    })
    await other.query('ROLLBACK')
    expect(await db.backfill()).toMatchObject({ outcome: 'filled' })
  })

  test('a replica that is behind is waited for', async () => {
    const lags = [9, 9, 8, 7, 1]
    const said: string[] = []
    const place = { target: {} as never, plan: {} as never, signal: undefined, say: (line: string) => said.push(line) }
    await waitForReplicas({ lag: () => lags.shift() ?? 0 }, place)
    expect(said).toEqual(['A replica is 9 s behind: it waits until that is less than 5 s.'])
    expect(lags).toEqual([])
  })

  test('a batch that took long is followed by a smaller one, and where others waited by a longer pause', () => {
    expect([nextSize(1_000, 100), nextSize(1_000, 5), nextSize(1_000, 5_000), nextSize(1, 900)]).toEqual([
      1_000, 2_000, 500, 1,
    ])
    // One that was quick by luck makes the next one a little longer, and no more.
    expect(nextSize(1_000, 50)).toBe(1_414)
    expect(pauseAfter({ ms: 100, hasWritten: true, waiting: 0 }, 50)).toBe(100)
    expect(pauseAfter({ ms: 100, hasWritten: true, waiting: 0 }, 25)).toBe(300)
    expect(pauseAfter({ ms: 100, hasWritten: true, waiting: 2 }, 50)).toBe(200)
    expect(pauseAfter({ ms: 20, hasWritten: false, waiting: 0 }, 50)).toBe(0)
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

/** Ends the session of the one that fills, as a crash would. */
const killIt = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name ~ '^a backfill of' AND pid <> pg_backend_pid()`
const working =
  "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
