import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
