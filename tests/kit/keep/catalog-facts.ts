import type pg from 'pg'

const own = (schema: string) => `${schema}::regnamespace::text !~ '^pg_|^information_schema$'`

/** What PostgreSQL's catalogs say of a database's objects, each by its name. Shares nothing with what a copy is written by. */
const questions: Record<string, string> = {
  relation: `SELECT oid::regclass AS name, relkind, relpersistence, reloptions, relreplident, relrowsecurity, relforcerowsecurity,
      (SELECT reloptions FROM pg_class x WHERE x.oid = c.reltoastrelid) AS toast,
      reloftype::regtype, pg_get_expr(relpartbound, oid) AS bound, relispopulated FROM pg_class c WHERE ${own('relnamespace')}`,
  column: `SELECT concat(attrelid::regclass, '.', attname) AS name, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
      attcollation::regcollation, (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum) AS value
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE ${own('relnamespace')} AND relkind NOT IN ('i', 'I') AND attnum > 0 AND NOT attisdropped`,
  constraint: `SELECT concat_ws(' ', conrelid::regclass, contypid::regtype, conname) AS name, pg_get_constraintdef(oid), convalidated, contype IN ('c', 'n') AND connoinherit AS no_inherit
    FROM pg_constraint WHERE ${own('connamespace')} AND contype <> 't'`,
  index: `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid), indisvalid, indisreplident, indisclustered
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE ${own('relnamespace')}`,
  trigger: `SELECT concat(tgrelid::regclass, '.', tgname) AS name, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal`,
  rule: `SELECT concat(ev_class::regclass, '.', rulename) AS name, pg_get_ruledef(w.oid), ev_enabled
    FROM pg_rewrite w JOIN pg_class c ON c.oid = ev_class WHERE ${own('relnamespace')}`,
  policy: `SELECT concat(polrelid::regclass, '.', polname) AS name, polcmd, polpermissive, polroles::regrole[]::text,
      pg_get_expr(polqual, polrelid) AS qual, pg_get_expr(polwithcheck, polrelid) AS checked FROM pg_policy`,
  function: `SELECT oid::regprocedure AS name, CASE WHEN prokind <> 'a' THEN pg_get_functiondef(oid) END FROM pg_proc WHERE ${own('pronamespace')}`,
  type: `SELECT oid::regtype AS name, typtype, typnotnull, typdefault, typbasetype::regtype, typcollation::regcollation,
      (SELECT concat_ws(' ', rngsubtype::regtype, rngcollation::regcollation, rngsubopc, rngsubdiff, rngmultitypid::regtype) FROM pg_range WHERE rngtypid = y.oid) AS range,
      ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = y.oid ORDER BY enumsortorder)::text AS labels
    FROM pg_type y WHERE ${own('typnamespace')}`,
  sequence: `SELECT seqrelid::regclass AS name, seqtypid::regtype, seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle,
      (SELECT string_agg(concat_ws(' ', deptype, refobjid::regclass, refobjsubid), ' ' ORDER BY deptype) FROM pg_depend
       WHERE classid = 'pg_class'::regclass AND objid = seqrelid AND deptype IN ('a', 'i') AND refobjsubid > 0) IS NOT NULL AS is_owned FROM pg_sequence`,
  collation: `SELECT concat(collnamespace::regnamespace, '.', collname) AS name, collprovider, collisdeterministic, collcollate, colllocale, collicurules
    FROM pg_collation WHERE oid >= 16384`,
  operator: `SELECT oid::regoperator AS name, oprcode, oprcom::regoperator, oprnegate::regoperator, oprrest, oprjoin, oprcanhash, oprcanmerge FROM pg_operator WHERE oid >= 16384`,
  cast: `SELECT concat_ws(' ', castsource::regtype, casttarget::regtype) AS name, castfunc::regprocedure, castcontext, castmethod FROM pg_cast WHERE oid >= 16384`,
  aggregate: `SELECT aggfnoid AS name, to_jsonb(a) FROM pg_aggregate a WHERE aggfnoid::oid >= 16384`,
  statistics: `SELECT concat(stxnamespace::regnamespace, '.', stxname) AS name, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext`,
  child: `SELECT concat_ws(' ', inhrelid::regclass, inhparent::regclass) AS name FROM pg_inherits`,
  extension: `SELECT extname AS name, extnamespace::regnamespace FROM pg_extension`,
  comment: `SELECT concat_ws(' ', i.type, i.identity) AS name, description FROM pg_description, LATERAL pg_identify_object(classoid, objoid, objsubid) AS i
    WHERE objoid >= 16384 OR objoid = to_regnamespace('public')`,
}

/** A line for each object. */
export async function catalogFacts(client: pg.Client): Promise<string[]> {
  await client.query("SET search_path = ''")
  const facts: string[] = []
  for (const [kind, sql] of Object.entries(questions)) {
    const { rows } = await client.query<{ fact: string }>(`SELECT to_json(x)::text AS fact FROM (${sql}) AS x`)
    facts.push(...rows.map(({ fact }) => `${kind} ${fact}`))
  }
  await client.query('RESET search_path')
  return facts.toSorted()
}
