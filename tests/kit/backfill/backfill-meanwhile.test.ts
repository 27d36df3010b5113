import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { nextSize, pauseAfter } from '../../../kit/backfill/pace.ts'
import { waitForReplicas } from '../../../kit/backfill/replicas.ts'
import { until } from '../../support/until.ts'
import { backfillBed, isRight, visits, type BackfillBed } from './backfill-bed.ts'

// Others work on the table, sessions are killed, servers stop: what a backfill does then.

let bed: BackfillBed
beforeAll(async () => {
  bed = await backfillBed()
})
afterAll(() => bed?.stop())

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
      let hasEnded = false
      const ended = running.catch(() => undefined).finally(() => (hasEnded = true))
      // The last row may have been filled a moment before its session was killed: then there is nothing to begin.
      await until('it has begun, or nothing was left', () => lookedAt !== undefined || hasEnded)
      begins.push(lookedAt ?? 0)
      await sleep(Math.random() * 60)
      const { rows } = await killer.query(killIt)
      killed += rows.length
      if (!(await ended) && rows.length > 0) continue
      await running
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

  // Somebody looks who it is five times a second: each of several tries may be short, and one alone may not.
  const hold = [
    ['one that never lets the table go ends it', 'LOCK TABLE visits IN SHARE MODE', 1_000],
    ['one that never lets a row go ends it, after some tries', 'SELECT FROM visits WHERE id = 700 FOR UPDATE', 200],
  ] as const
  test.each(hold)('%s', async (_, sql, patience) => {
    const db = await bed.database(visits(1_000))
    const other = await db.session()
    await other.query(`SET application_name = 'a report'; BEGIN; ${sql}`)
    await expect(db.backfill({}, { patience })).rejects.toMatchObject({
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

/** Ends the session of the one that fills, as a crash would. */
const killIt = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name ~ '^a backfill of' AND pid <> pg_backend_pid()`
const working =
  "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
