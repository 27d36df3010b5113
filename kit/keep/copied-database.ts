import { createHash } from 'node:crypto'
import type pg from 'pg'
import { inOrder, type DefinedObject, type Definition } from './definition.ts'
import { ownSql } from '../project/project.ts'

/** A table as it is copied: its own rows only; those of its partitions are theirs. */
export interface TableToCopy {
  schema: string
  name: string
  /** As SQL writes it, with its schema. */
  sql: string
  /** Without generated ones: those are worked out again. */
  columns: string[]
  /** For a partition, the table at the top, as `schema.name`. */
  root: string | null
}

export interface SequenceValue {
  /** As SQL writes it, with its schema. */
  sql: string
  /** A bigint. */
  value: string
  isCalled: boolean
}

/** What the guard knew of a column at the last deploy, by names: numbers are others in a copy. */
export interface KnownColumn {
  table: string
  column: string
  values: string | null
  copyOf: string | null
}

const definitionQuery = ownSql('keep/definition.sql')

/** Who has written a definition: another version may say the same in other words. */
export const definedBy = createHash('sha256').update(definitionQuery).digest('hex').slice(0, 16)

/**
 * Settings of a transaction in which a value is written as it is read again, whatever the server's settings are. Rows that
 * row security hides are an error, not a gap.
 */
export const copySettings = `
  SET LOCAL search_path = ''; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL lc_monetary = 'C'; SET LOCAL row_security = off;
  SET LOCAL synchronize_seqscans = off; SET LOCAL check_function_bodies = off; SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '10s'`

/** To fill a database from a copy: a CHECK, or an index, may call a function that names tables without their schema. */
export const loadSettings = `${copySettings}; SET LOCAL search_path = public`

type Client = Pick<pg.ClientBase, 'query'>

/** Needs the copy's settings. */
export async function readDefinition(client: Client): Promise<Definition> {
  return inOrder(await readObjects(client))
}

/** What it is made of, in no order. Needs them too. */
export async function readObjects(client: Client): Promise<DefinedObject[]> {
  return (await client.query<DefinedObject>(definitionQuery)).rows
}

/** All tables with rows of their own, and what the ledger wrote. */
export async function readTables(client: Client): Promise<TableToCopy[]> {
  const { rows } = await client.query<TableToCopy>(
    `SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS sql,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
       CASE WHEN c.relispartition THEN (SELECT concat(rn.nspname, '.', r.relname) FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace
         WHERE r.oid = pg_partition_root(c.oid)) END AS root
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND (n.nspname <> 'workshop' OR c.relname IN ('ledger', 'ledger_columns', 'ledger_labels', 'ledger_attributes', 'ledger_rows', 'scripts'))
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY n.nspname, c.relname`,
  )
  return rows
}

export async function readSequences(client: Client): Promise<SequenceValue[]> {
  const { rows: sequences } = await client.query<{ sql: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS sql FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'workshop') ORDER BY 1`,
  )
  const values: SequenceValue[] = []
  for (const { sql } of sequences) {
    const { rows } = await client.query(`SELECT last_value AS value, is_called AS "isCalled" FROM ${sql}`)
    values.push({ sql, ...rows[0] })
  }
  return values
}

export async function readKnownColumns(client: Client): Promise<KnownColumn[]> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.known_columns') IS NOT NULL AS there")
  if (!found[0].there) return []
  const { rows } = await client.query<KnownColumn>(
    `SELECT c.schema || '.' || c.table_name AS "table", c.column_name AS "column", k."values", o.column_name AS "copyOf"
     FROM workshop.known_columns k JOIN workshop.kept_columns c USING (table_oid, attnum)
     LEFT JOIN workshop.kept_columns o ON o.table_oid = k.table_oid AND o.attnum = k.copy_of ORDER BY 1, 2`,
  )
  return rows
}

/** Tells the guard of a copy what the original's knew. It has to have a ledger. */
export async function writeKnownColumns(client: Client, known: readonly KnownColumn[]): Promise<void> {
  await client.query(
    `INSERT INTO workshop.known_columns (table_oid, attnum, "values", copy_of)
     SELECT c.table_oid, c.attnum, k."values", o.attnum
     FROM json_to_recordset($1) AS k ("table" text, "column" text, "values" bigint, "copyOf" text)
     JOIN workshop.kept_columns c ON c.schema || '.' || c.table_name = k."table" AND c.column_name = k."column"
     LEFT JOIN workshop.kept_columns o ON o.table_oid = c.table_oid AND o.column_name = k."copyOf"
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(known)],
  )
}

/** What a copy would not hold: kinds of objects that `definition.sql` does not write, in words. */
export async function readLeftOut(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ words: string }>(
    `WITH RECURSIVE unfilled AS (
       SELECT oid FROM pg_class WHERE relkind = 'm' AND NOT relispopulated
       UNION SELECT w.ev_class FROM unfilled u JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND d.classid = 'pg_rewrite'::regclass JOIN pg_rewrite w ON w.oid = d.objid
     ), own AS (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'workshop')),
     found (kind, name, classid, objid) AS (
       SELECT 'aggregate', proname, 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
         WHERE (aggkind <> 'n' OR aggmtransfn <> 0 OR aggsortop <> 0) AND pronamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'foreign table', relname, 'pg_class', oid FROM pg_class WHERE relkind = 'f' AND relnamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'invalid index', relname, 'pg_class', oid FROM pg_class JOIN pg_index ON indexrelid = oid
         WHERE NOT indisvalid AND NOT relispartition AND relnamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'rows of the materialized view', relname, 'pg_class', oid FROM pg_class WHERE relkind = 'm' AND relispopulated AND oid IN (SELECT oid FROM unfilled)
       UNION ALL SELECT 'operator class', opcname, 'pg_opclass', oid FROM pg_opclass WHERE opcnamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'conversion', conname, 'pg_conversion', oid FROM pg_conversion WHERE connamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'text search dictionary', dictname, 'pg_ts_dict', oid FROM pg_ts_dict WHERE dictnamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'foreign server', srvname, 'pg_foreign_server', oid FROM pg_foreign_server
       UNION ALL SELECT 'text search configuration', cfgname, 'pg_ts_config', oid FROM pg_ts_config WHERE cfgnamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'large object', oid::text, 'pg_largeobject', oid FROM pg_largeobject_metadata
       UNION ALL SELECT 'publication', pubname, 'pg_publication', oid FROM pg_publication
       UNION ALL SELECT 'event trigger', evtname, 'pg_event_trigger', oid FROM pg_event_trigger WHERE evtname !~ '^workshop_guard_'
       UNION ALL SELECT 'default of a view', adrelid::regclass::text, 'pg_attrdef', d.oid FROM pg_attrdef d JOIN pg_class c ON c.oid = adrelid WHERE c.relkind = 'v'
       UNION ALL SELECT 'tie of a column to its parent', attrelid::regclass || '.' || attname, 'pg_attribute', attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
         WHERE NOT attislocal AND NOT attisdropped AND attnum > 0 AND NOT c.relispartition AND c.relnamespace IN (SELECT oid FROM own)
       UNION ALL SELECT 'storage or statistics of a column', attrelid::regclass || '.' || attname, 'pg_attribute', attrelid FROM pg_attribute a
         JOIN pg_class c ON c.oid = attrelid JOIN pg_type y ON y.oid = atttypid WHERE c.relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
         AND c.relnamespace IN (SELECT oid FROM own) AND (attstorage <> typstorage OR coalesce(attcompression, '') <> '' OR coalesce(attstattarget, -1) <> -1 OR attoptions IS NOT NULL)
       UNION ALL SELECT 'setting of the database', array_to_string(setconfig, ', '), 'pg_database', setdatabase FROM pg_db_role_setting
         WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
       UNION ALL SELECT 'default right', defaclobjtype::text, 'pg_default_acl', oid FROM pg_default_acl
       UNION ALL SELECT 'right on a column', attrelid::regclass || '.' || attname, 'pg_attribute', attrelid FROM pg_attribute
         WHERE attacl IS NOT NULL AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace IN (SELECT oid FROM own))
     )
     SELECT kind || ' ' || name AS words FROM found f
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = f.classid AND d.objid = f.objid AND d.deptype = 'e') ORDER BY 1`,
  )
  return rows.map(({ words }) => words)
}
