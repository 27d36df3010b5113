import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { Problem } from '../terminal/problem.ts'
import { copySettings, definedBy, loadSettings, readDefinition, readSequences } from './copied-database.ts'
import { columnList, meter, script, sqlOf, type Snapshot, type TableFile } from './snapshots.ts'

/**
 * Fills the empty database that `client` is connected to, whole or not at all. Left to others are the rights of roles,
 * and what the ledger wrote. `say` is told of each table, where it takes long. Throws a Problem for a file that is not
 * what was written.
 */
export async function loadSnapshot(client: pg.Client, snapshot: Snapshot, say: (line: string) => void): Promise<void> {
  const since = Date.now()
  await client.query(`BEGIN; ${loadSettings}`)
  try {
    await client.query(sqlOf(snapshot, 'before'))
    for (const table of ownTables(snapshot)) {
      if (Date.now() - since > 2000) say(`filling ${table.sql} …`)
      await loadTable(client, snapshot, table)
    }
    await client.query(sqlOf(snapshot, 'after').replace(ofEveryDatabase, ''))
    for (const { sql, value, isCalled } of snapshot.sequences)
      await client.query('SELECT setval($1::regclass, $2, $3)', [sql, value, isCalled])
    await client.query(`COMMIT; ${analyzed(snapshot)}`)
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Every new database has it, and before PostgreSQL 15 only a superuser may say it again. */
const ofEveryDatabase = /^COMMENT ON SCHEMA public IS 'standard public schema';\n/m

export async function loadTable(client: pg.Client, { folder }: Snapshot, table: TableFile): Promise<void> {
  const read = meter()
  const into = client.query(copyFrom(`COPY ${table.sql}${columnList(table)} FROM STDIN`))
  await pipeline(createReadStream(join(folder, table.file)), read, into)
  if (read.hash() === table.hash) return
  throw new Problem('This copy is damaged: nothing was changed.', {
    why: `${join(folder, table.file)} is not what was written when the copy was made.`,
    next: 'npm run db snapshots    (another copy)',
  })
}

/**
 * What differs between a database and the copy, in words; nothing when it holds the same, value by value. The SQL of another
 * version is not compared: it was run without an error, and says in other words what is there.
 */
export async function differencesTo(client: pg.Client, snapshot: Snapshot): Promise<string[]> {
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${copySettings}`)
  try {
    const words: string[] = []
    const definition = await readDefinition(client)
    for (const part of ['before', 'after'] as const)
      if (snapshot.definedBy === definedBy && script(definition[part]) !== sqlOf(snapshot, part))
        words.push(`what is made ${part} the rows come`)
    for (const table of ownTables(snapshot)) if (!(await isEqual(client, table))) words.push(`the rows of ${table.sql}`)
    const sequences = await readSequences(client)
    if (JSON.stringify(sequences) !== JSON.stringify(snapshot.sequences)) words.push('the state of the sequences')
    return words
  } finally {
    await client.query('ROLLBACK')
  }
}

async function isEqual(client: pg.Client, table: TableFile): Promise<boolean> {
  const read = meter()
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  await pipeline(client.query(copyTo(`COPY ${table.sql}${columnList(table)} TO STDOUT`)), read, nowhere)
  return read.hash() === table.hash
}

/** The tables that were filled: PostgreSQL's own catalogs, as many again, came with what is known of them. */
function analyzed(snapshot: Snapshot): string {
  const tables = ownTables(snapshot).map(({ sql }) => sql)
  return tables.length > 0 ? `ANALYZE ${tables.join(', ')}` : ''
}

function ownTables({ tables }: Snapshot): TableFile[] {
  return tables.filter(({ schema }) => schema !== 'workshop')
}
