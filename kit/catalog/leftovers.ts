import type pg from 'pg'

/** What a migration that did not come to its end has left in schema public, and the statement that ends it. */
export async function readLeftovers(client: Pick<pg.ClientBase, 'query'>): Promise<{ words: string; sql: string }[]> {
  const { rows } = await client.query<{ words: string; sql: string }>(leftoverQuery)
  return rows
}

const leftoverQuery = `
SELECT format('index %s on %s is not valid: it was never built to its end', i.relname, t.relname) AS words,
       format('DROP INDEX CONCURRENTLY %I;', i.relname) AS sql
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE NOT x.indisvalid AND t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'
UNION ALL
SELECT format('constraint %s on %s was never validated', c.conname, t.relname),
       format('ALTER TABLE %I VALIDATE CONSTRAINT %I;', t.relname, c.conname)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE NOT c.convalidated AND t.relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('check %s on %s says again what NOT NULL says already', c.conname, t.relname),
       format('ALTER TABLE %I DROP CONSTRAINT %I;', t.relname, c.conname)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] AND a.attnotnull
WHERE c.contype = 'c' AND c.convalidated AND t.relnamespace = 'public'::regnamespace
  AND pg_get_constraintdef(c.oid) = format('CHECK ((%I IS NOT NULL))', a.attname)
ORDER BY 1`
