import type pg from 'pg'

/** One row of a kept table, as texts. */
export interface Row {
  key: string[]
  values: string[]
}

/**
 * Every row that stands in PROD: in schemas public and archive, and in partitions and children of their tables wherever
 * they are. Generated columns are left out. Reads the catalogs for itself, so that it shares nothing with the guard.
 */
export async function readValues(client: Pick<pg.ClientBase, 'query'>): Promise<Row[]> {
  const { rows: tables } = await client.query<{ sql: string }>(`
    WITH RECURSIVE kept AS (
      SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text IN ('public', 'archive')
      UNION SELECT inhrelid FROM pg_inherits JOIN kept ON inhparent = oid
    )
    SELECT format('SELECT ARRAY[%s]::text[] AS key, ARRAY[%s]::text[] AS values FROM ONLY %I.%I AS t',
      string_agg(a.sql, ',' ORDER BY attnum) FILTER (WHERE attnum = ANY (indkey)),
      string_agg(a.sql, ',' ORDER BY attnum) FILTER (WHERE attgenerated = ''), nspname, relname) AS sql
    FROM kept JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = relnamespace
    JOIN LATERAL (
      SELECT attnum, attgenerated, format('CASE num_nonnulls(t.%1$I) WHEN 1 THEN format(''%%s'', t.%1$I) END', attname) AS sql
      FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    ) AS a ON true
    LEFT JOIN pg_index ON indrelid = c.oid AND indisprimary
    WHERE relkind = 'r' GROUP BY c.oid, nspname, relname`)
  if (tables.length === 0) return []
  const { rows } = await client.query<{ key: string[]; values: (string | null)[] }>(
    tables.map(({ sql }) => sql).join(' UNION ALL '),
  )
  return rows.map(({ key, values }) => ({
    key: key.map(plain),
    values: values.filter((value) => value !== null).map(plain),
  }))
}

/**
 * Values that stood under a key and no longer stand with that key, in any row of any table, as often as they did; or
 * `once` at least. Neither the name of a column nor that of a table counts.
 */
export function lostValues(before: Row[], after: Row[], often: 'as often' | 'once' = 'as often'): string[] {
  const lost = new Set<string>()
  for (const { key, values } of before) {
    for (const value of values) {
      const wanted = often === 'once' ? 1 : timesIn(before, key, value)
      if (timesIn(after, key, value) < wanted) lost.add(`${key.join(', ')}: ${value}`)
    }
  }
  return [...lost]
}

function timesIn(rows: Row[], key: string[], value: string): number {
  let times = 0
  for (const { values } of rows) {
    if (values.includes(value) && key.every((part) => values.includes(part))) {
      times += values.filter((one) => one === value).length
    }
  }
  return times
}

/** The same text for the same value in another type: 1.50 and 1.5, a time with its zone and without. */
function plain(text: string): string {
  if (/^-?\d+\.\d+$/.test(text)) return text.replace(/\.?0+$/, '')
  return text.replace(/^(\d{4}-\d\d-\d\d [\d:.]+)\+00$/, '$1')
}
