import type pg from 'pg'
import { madeChatName, madePoints } from './portal-rows.ts'

interface Given {
  text: string
  number: number
}

/** What the traffic has written to recruits, and PostgreSQL has confirmed: it has to be there at the end. */
export interface FollowedWrites {
  begin(id: number): { confirm(given: Given): void; forget(isRefused: boolean): void }
  isBusy(id: number): boolean
  /** The recruits of which the last value is known, and it. */
  confirmed(): Map<number, Given>
  /** Those of which nobody can say whether the last write arrived. */
  unknown(): Set<number>
}

export function followedWrites(): FollowedWrites {
  const [busy, unknown, confirmed] = [new Map<number, number>(), new Set<number>(), new Map<number, Given>()]
  const leave = (id: number) => {
    const left = (busy.get(id) ?? 1) - 1
    if (left === 0) busy.delete(id)
    else busy.set(id, left)
  }
  return {
    begin(id) {
      // Two at once: which of them came last is not known here.
      if (busy.has(id)) unknown.add(id)
      busy.set(id, (busy.get(id) ?? 0) + 1)
      return {
        confirm(given) {
          leave(id)
          confirmed.set(id, given)
        },
        forget(isRefused) {
          leave(id)
          if (!isRefused) unknown.add(id)
        },
      }
    },
    isBusy: (id) => busy.has(id),
    confirmed: () => confirmed,
    unknown: () => unknown,
  }
}

export interface Followed {
  /** Values that were looked at: one a recruit. */
  values: number
  /** How many of them are not there. */
  lost: number
}

/** Reads whether every value is there: those that were made with the portal, and those that the traffic has written. */
export async function readFollowed(
  client: pg.ClientBase,
  column: string,
  made: 'chat_name' | 'points',
  recruits: number,
  writes: FollowedWrites,
): Promise<Followed> {
  const known = [...writes.confirmed()].filter(([id]) => !writes.unknown().has(id))
  const ids = known.map(([id]) => id)
  const isNumber = made === 'points'
  const was = isNumber ? madePoints('id') : madeChatName('id')
  // A version that needs larger numbers adds three thousand millions.
  const is = isNumber ? `(r."${column}"::bigint % 3000000000)::text` : `r."${column}"`
  const { rows } = await client.query<{ lost: number; values: number }>(
    `WITH written AS (SELECT * FROM unnest($1::int[], $2::text[]) AS w (id, value)),
          untouched AS (SELECT ids.id, (${was})::text AS value FROM generate_series(1, $3::int) AS ids (id)
                        WHERE NOT EXISTS (SELECT FROM written WHERE written.id = ids.id) AND ids.id <> ALL ($4::int[]))
     SELECT count(*)::int AS values, count(*) FILTER (WHERE ${is} IS DISTINCT FROM expected.value)::int AS lost
     FROM (SELECT * FROM written UNION ALL SELECT * FROM untouched) AS expected LEFT JOIN recruits r USING (id)`,
    [ids, known.map(([, given]) => (isNumber ? `${given.number}` : given.text)), recruits, [...writes.unknown()]],
  )
  return rows[0]!
}
