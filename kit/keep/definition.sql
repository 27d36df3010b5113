-- Everything that stands in a database but its rows: a statement an object, for a copy of it.
--
-- Left out: what PostgreSQL and extensions brought along, schema workshop, and the guard's triggers. "uses" names the
-- objects that have to be there first. Read with an empty search path, so that every name has its schema.
WITH RECURSIVE schemas AS (
  SELECT oid, nspname, nspacl, nspowner, quote_ident(nspname) AS sql FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'workshop')
), brought AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
  SELECT c.*, format('%s.%I', s.sql, c.relname) AS sql FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_class'::regclass AND objid = c.oid)
), tables AS (
  SELECT * FROM relations WHERE relkind IN ('r', 'p')
), types AS (
  SELECT y.*, format('%s.%I', s.sql, y.typname) AS sql FROM pg_type y JOIN schemas s ON s.oid = y.typnamespace
  WHERE NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_type'::regclass AND objid = y.oid)
), functions AS (
  SELECT p.oid, p.prokind, p.proacl, p.proowner, p.oid::regprocedure::text AS sql FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
    -- A range type makes its own.
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i' AND refclassid = 'pg_type'::regclass)
), sequences AS (
  SELECT r.*, format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', format_type(seqtypid, NULL),
           seqincrement, seqmin, seqmax, seqstart, seqcache, CASE WHEN seqcycle THEN ' CYCLE' END) AS options,
         d.deptype, d.refobjid, d.refobjsubid
  FROM relations r JOIN pg_sequence s ON s.seqrelid = r.oid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
), unfilled AS (
  -- Materialized views that cannot be filled: without data, or upon one without.
  SELECT oid FROM relations WHERE relkind = 'm' AND NOT relispopulated
  UNION
  SELECT w.ev_class FROM unfilled u JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND d.classid = 'pg_rewrite'::regclass JOIN pg_rewrite w ON w.oid = d.objid
), columns AS (
  SELECT a.attrelid, string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attcollation <> y.typcollation THEN
        (SELECT format('COLLATE %I.%I', n.nspname, l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
      CASE WHEN a.attgenerated <> '' THEN format('GENERATED ALWAYS AS (%s)%s', pg_get_expr(f.adbin, f.adrelid), CASE a.attgenerated WHEN 's' THEN ' STORED' END) END,
      (SELECT format('GENERATED %s AS IDENTITY (SEQUENCE NAME %s %s)', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
         s.sql, regexp_replace(s.options, '^AS \S+ ', '')) FROM sequences s WHERE a.attidentity <> '' AND s.deptype = 'i' AND (s.refobjid, s.refobjsubid) = (a.attrelid, a.attnum)),
      CASE WHEN a.attnotnull AND k.convalidated IS NOT FALSE THEN concat('CONSTRAINT ' || quote_ident(k.conname) || ' ', 'NOT NULL', CASE WHEN k.connoinherit THEN ' NO INHERIT' END) END),
    E',\n  ' ORDER BY a.attnum) AS sql
  FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]
  WHERE a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attrelid
), rights AS (
  SELECT 'SCHEMA' AS kind, sql AS name, nspowner AS owner, nspacl AS acl FROM schemas
  UNION ALL SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, sql, relowner, relacl FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
  UNION ALL SELECT CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, sql, proowner, proacl FROM functions WHERE prokind <> 'a'
  UNION ALL SELECT 'TYPE', sql, typowner, typacl FROM types
), objects (id, kind, name, sql, needs) AS (
  SELECT 'pg_namespace ' || oid, 'schema', sql, 'CREATE SCHEMA IF NOT EXISTS ' || sql, NULL::text[] FROM schemas
  UNION ALL
  SELECT 'pg_extension ' || e.oid, 'extension', quote_ident(extname), format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', extname, n.nspname), NULL
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname <> 'plpgsql'
  UNION ALL
  SELECT 'pg_collation ' || l.oid, 'collation', format('%s.%I', s.sql, collname), format('CREATE COLLATION %s.%I (PROVIDER = %s, %s%s%s)', s.sql, collname,
    CASE collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
    -- Its name differs from version to version.
    CASE collprovider WHEN 'c' THEN format('LC_COLLATE = %L, LC_CTYPE = %L', collcollate, collctype) ELSE format('LOCALE = %L', coalesce(j->>'colllocale', j->>'colliculocale', collcollate)) END,
    CASE WHEN NOT collisdeterministic THEN ', DETERMINISTIC = false' END, ', RULES = ' || quote_literal(j->>'collicurules')), NULL
  FROM pg_collation l JOIN schemas s ON s.oid = l.collnamespace, LATERAL to_json(l) AS j
  UNION ALL
  SELECT 'pg_operator ' || o.oid, 'operator', o.oid::regoperator::text, format('CREATE OPERATOR %s.%s (%s)', s.sql, oprname, concat_ws(', ', 'FUNCTION = ' || oprcode::regproc,
      'LEFTARG = ' || CASE WHEN oprleft <> 0 THEN format_type(oprleft, NULL) END, 'RIGHTARG = ' || format_type(oprright, NULL),
      (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', n.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace n ON n.oid = x.oprnamespace WHERE x.oid = o.oprcom),
      (SELECT format('NEGATOR = OPERATOR(%I.%s)', n.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace n ON n.oid = x.oprnamespace WHERE x.oid = o.oprnegate),
      'RESTRICT = ' || nullif(oprrest, 0)::regproc, 'JOIN = ' || nullif(oprjoin, 0)::regproc, CASE WHEN oprcanhash THEN 'HASHES' END, CASE WHEN oprcanmerge THEN 'MERGES' END)), NULL
  FROM pg_operator o JOIN schemas s ON s.oid = o.oprnamespace WHERE oprcode <> 0 AND NOT EXISTS (SELECT FROM brought WHERE classid = 'pg_operator'::regclass AND objid = o.oid)
  UNION ALL
  SELECT 'pg_cast ' || c.oid, 'cast', format('(%s AS %s)', format_type(castsource, NULL), format_type(casttarget, NULL)), format('CREATE CAST (%s AS %s) %s%s', format_type(castsource, NULL), format_type(casttarget, NULL),
    CASE castmethod WHEN 'f' THEN 'WITH FUNCTION ' || castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END, CASE castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END), NULL
  FROM pg_cast c WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_cast'::regclass AND objid = c.oid AND deptype IN ('e', 'i'))
  UNION ALL
  SELECT 'pg_proc ' || f.oid, 'aggregate', f.sql, format('CREATE AGGREGATE %s.%I(%s) (%s)', s.sql, p.proname, CASE p.pronargs WHEN 0 THEN '*' ELSE pg_get_function_identity_arguments(f.oid) END, concat_ws(', ',
      'SFUNC = ' || aggtransfn::regproc, 'STYPE = ' || format_type(aggtranstype, NULL), 'SSPACE = ' || nullif(aggtransspace, 0), 'FINALFUNC = ' || nullif(aggfinalfn, 0)::regproc,
      CASE WHEN aggfinalextra THEN 'FINALFUNC_EXTRA' END, CASE aggfinalmodify WHEN 's' THEN 'FINALFUNC_MODIFY = SHAREABLE' WHEN 'w' THEN 'FINALFUNC_MODIFY = READ_WRITE' END,
      'COMBINEFUNC = ' || nullif(aggcombinefn, 0)::regproc, 'SERIALFUNC = ' || nullif(aggserialfn, 0)::regproc, 'DESERIALFUNC = ' || nullif(aggdeserialfn, 0)::regproc,
      'INITCOND = ' || quote_literal(agginitval), CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)), NULL
  FROM functions f JOIN pg_proc p ON p.oid = f.oid JOIN schemas s ON s.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = f.oid WHERE aggkind = 'n' AND aggmtransfn = 0 AND aggsortop = 0
  UNION ALL
  SELECT 'pg_type ' || y.oid, 'type', y.sql, format('CREATE %s %s AS %s', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, y.sql, CASE typtype
    WHEN 'e' THEN format('ENUM (%s)', (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = y.oid))
    WHEN 'c' THEN format(E'(\n  %s\n)', (SELECT sql FROM columns WHERE attrelid = y.typrelid))
    WHEN 'r' THEN (SELECT format('RANGE (SUBTYPE = %s, MULTIRANGE_TYPE_NAME = %s%s)', format_type(rngsubtype, NULL), rngmultitypid::regtype,
                     concat(', SUBTYPE_DIFF = ' || nullif(rngsubdiff, 0)::regproc,
                     (SELECT format(', SUBTYPE_OPCLASS = %I.%I', n.nspname, o.opcname) FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE o.oid = rngsubopc AND NOT o.opcdefault),
                     (SELECT format(', COLLATION = %I.%I', n.nspname, l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
                      WHERE l.oid = rngcollation AND l.oid <> (SELECT s.typcollation FROM pg_type s WHERE s.oid = rngsubtype)))) FROM pg_range WHERE rngtypid = y.oid)
    ELSE concat_ws(' ', format_type(typbasetype, typtypmod), CASE WHEN typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = y.typbasetype) THEN
        (SELECT format('COLLATE %I.%I', n.nspname, l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = y.typcollation) END,
      'DEFAULT ' || typdefault,
      (SELECT string_agg(format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), ' ' ORDER BY conname) FROM pg_constraint WHERE contypid = y.oid AND convalidated),
      CASE WHEN typnotnull AND NOT EXISTS (SELECT FROM pg_constraint WHERE contypid = y.oid AND contype = 'n') THEN 'NOT NULL' END) END), NULL
  FROM types y LEFT JOIN pg_class c ON c.oid = y.typrelid WHERE typtype IN ('e', 'd', 'r') OR c.relkind = 'c'
  UNION ALL
  SELECT 'pg_class ' || oid, 'sequence', sql, format('CREATE SEQUENCE %s %s', sql, options), NULL FROM sequences WHERE deptype IS DISTINCT FROM 'i'
  UNION ALL
  SELECT 'pg_proc ' || oid, 'function', sql, rtrim(pg_get_functiondef(oid)), NULL FROM functions WHERE prokind <> 'a'
  UNION ALL
  SELECT 'pg_class ' || oid, 'table', t.sql, format(E'CREATE%s TABLE %s (\n  %s\n)%s%s', CASE relpersistence WHEN 'u' THEN ' UNLOGGED' END, t.sql, c.sql,
    ' PARTITION BY ' || pg_get_partkeydef(oid), ' WITH (' || nullif(concat_ws(', ', array_to_string(reloptions, ', '),
      (SELECT string_agg('toast.' || option, ', ') FROM pg_class x, unnest(x.reloptions) AS option WHERE x.oid = t.reltoastrelid)), '') || ')'), NULL
  FROM tables t LEFT JOIN columns c ON c.attrelid = t.oid
  UNION ALL
  SELECT 'pg_attrdef ' || f.oid, 'default', concat(t.sql, '.', quote_ident(a.attname)),
    format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s', t.sql, a.attname, pg_get_expr(f.adbin, f.adrelid)), NULL
  FROM pg_attrdef f JOIN tables t ON t.oid = f.adrelid JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum WHERE a.attgenerated = ''
  UNION ALL
  SELECT 'pg_class ' || oid, CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, sql, format(E'CREATE %s %s%s AS\n%s', CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END,
    sql, ' WITH (' || array_to_string(reloptions, ', ') || ')', rtrim(pg_get_viewdef(oid), ';') || CASE WHEN relkind = 'm' AND oid IN (SELECT oid FROM unfilled) THEN ' WITH NO DATA' ELSE '' END), NULL
  FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'pg_constraint ' || k.oid, CASE contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' ELSE 'constraint' END, concat(quote_ident(conname), ' on ', t.sql),
    format('ALTER TABLE%s %s ADD CONSTRAINT %I %s', CASE t.relkind WHEN 'r' THEN ' ONLY' END, t.sql, conname, pg_get_constraintdef(k.oid)), NULL
  FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid WHERE contype IN ('p', 'u', 'x') OR contype IN ('f', 'c') AND conparentid = 0 OR contype = 'n' AND NOT convalidated
  UNION ALL
  SELECT 'pg_constraint ' || k.oid, 'check', concat(quote_ident(conname), ' on ', y.sql), format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', y.sql, conname, pg_get_constraintdef(k.oid)), NULL
  FROM pg_constraint k JOIN types y ON y.oid = k.contypid WHERE NOT convalidated
  UNION ALL
  SELECT 'pg_class ' || i.indexrelid, 'index', c.sql, regexp_replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '), NULL
  FROM pg_index i JOIN relations c ON c.oid = i.indexrelid
  WHERE i.indisvalid AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT concat_ws(' ', 'attach', h.inhrelid, h.inhparent), 'attach', concat(t.sql, ' to ', p.sql), CASE WHEN t.relispartition
      THEN format('ALTER TABLE ONLY %s ATTACH PARTITION %s %s', p.sql, t.sql, pg_get_expr(t.relpartbound, t.oid)) ELSE format('ALTER TABLE %s INHERIT %s', t.sql, p.sql) END,
    ARRAY['pg_class ' || t.oid, 'pg_class ' || p.oid] || ARRAY(SELECT 'pg_constraint ' || k.oid FROM pg_constraint k WHERE k.conrelid IN (t.oid, p.oid) AND contype = 'c')
      || ARRAY(SELECT 'pg_attrdef ' || f.oid FROM pg_attrdef f WHERE f.adrelid IN (t.oid, p.oid))
  FROM pg_inherits h JOIN tables t ON t.oid = h.inhrelid JOIN tables p ON p.oid = h.inhparent
  UNION ALL
  SELECT 'typed ' || t.oid, 'attach', concat(t.sql, ' of ', y.sql), format('ALTER TABLE %s OF %s', t.sql, y.sql), ARRAY['pg_class ' || t.oid, 'pg_type ' || y.oid]
  FROM tables t JOIN types y ON y.oid = t.reloftype
  UNION ALL
  SELECT 'owned ' || s.oid, 'owned sequence', s.sql, format('ALTER SEQUENCE %s OWNED BY %s.%I', s.sql, t.sql, a.attname), ARRAY['pg_class ' || s.oid, 'pg_class ' || t.oid]
  FROM sequences s JOIN tables t ON t.oid = s.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = s.refobjsubid WHERE s.deptype = 'a'
  UNION ALL
  SELECT 'pg_trigger ' || g.oid, 'trigger', concat(quote_ident(tgname), ' on ', t.sql), pg_get_triggerdef(g.oid) || CASE tgenabled WHEN 'O' THEN '' ELSE
    format('; ALTER TABLE %s %s TRIGGER %I', t.sql, CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, tgname) END, NULL
  FROM pg_trigger g JOIN relations t ON t.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
  WHERE NOT tgisinternal AND tgparentid = 0 AND p.pronamespace IS DISTINCT FROM to_regnamespace('workshop')
  UNION ALL
  SELECT 'pg_trigger ' || g.oid, 'trigger', concat(quote_ident(g.tgname), ' on ', t.sql), format('ALTER TABLE %s %s TRIGGER %I', t.sql,
    CASE g.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, g.tgname), ARRAY['pg_trigger ' || g.tgparentid]
  FROM pg_trigger g JOIN relations t ON t.oid = g.tgrelid JOIN pg_trigger above ON above.oid = g.tgparentid JOIN pg_proc p ON p.oid = g.tgfoid
  WHERE NOT g.tgisinternal AND g.tgenabled <> above.tgenabled AND p.pronamespace IS DISTINCT FROM to_regnamespace('workshop')
  UNION ALL
  SELECT 'pg_rewrite ' || w.oid, 'rule', concat(quote_ident(rulename), ' on ', t.sql), rtrim(pg_get_ruledef(w.oid), ';') || CASE ev_enabled WHEN 'O' THEN '' ELSE
    format('; ALTER TABLE %s %s RULE %I', t.sql, CASE ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, rulename) END, NULL
  FROM pg_rewrite w JOIN relations t ON t.oid = w.ev_class WHERE rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_policy ' || p.oid, 'policy', concat(quote_ident(polname), ' on ', t.sql), concat_ws(' ', format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', polname, t.sql,
      CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
      (SELECT string_agg(coalesce(quote_ident(rolname), 'PUBLIC'), ', ' ORDER BY rolname) FROM unnest(polroles) AS r LEFT JOIN pg_roles ON pg_roles.oid = r)),
    'USING (' || pg_get_expr(polqual, polrelid) || ')', 'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')'), NULL
  FROM pg_policy p JOIN tables t ON t.oid = p.polrelid
  UNION ALL
  SELECT 'row security ' || oid, 'row security', sql, concat_ws('; ', CASE WHEN relrowsecurity THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', sql) END,
    CASE WHEN relforcerowsecurity THEN format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', sql) END), NULL
  FROM tables WHERE relrowsecurity OR relforcerowsecurity
  UNION ALL
  SELECT 'replica identity ' || t.oid, 'replica identity', t.sql, format('ALTER TABLE %s REPLICA IDENTITY %s', t.sql, CASE relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
    ELSE format('USING INDEX %I', (SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = t.oid AND indisreplident)) END), NULL
  FROM tables t WHERE relreplident <> 'd'
  UNION ALL
  SELECT 'cluster ' || i.indexrelid, 'replica identity', c.sql, format('ALTER %s %s CLUSTER ON %I', CASE t.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, t.sql, c.relname), NULL
  FROM pg_index i JOIN relations t ON t.oid = i.indrelid JOIN relations c ON c.oid = i.indexrelid WHERE i.indisclustered
  UNION ALL
  SELECT 'pg_statistic_ext ' || x.oid, 'statistics', quote_ident(stxname), pg_get_statisticsobjdef(x.oid), NULL FROM pg_statistic_ext x JOIN tables t ON t.oid = x.stxrelid
  UNION ALL
  SELECT concat_ws(' ', 'comment', d.classoid::regclass, d.objoid, d.objsubid), 'comment', i.identity, format('COMMENT ON %s %s IS %L',
    upper(CASE WHEN i.type ~ ' column$' THEN 'column' WHEN i.type ~ ' constraint$' THEN 'constraint' WHEN i.type = 'statistics object' THEN 'statistics' ELSE i.type END),
    CASE i.type WHEN 'domain constraint' THEN (SELECT format('%I ON DOMAIN %s', k.conname, y.sql) FROM pg_constraint k JOIN types y ON y.oid = k.contypid WHERE k.oid = d.objoid) ELSE i.identity END,
    d.description), NULL
  FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
  WHERE (d.classoid, d.objoid) IN (SELECT 'pg_class'::regclass, oid FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'c') UNION ALL SELECT 'pg_proc'::regclass, oid FROM functions WHERE prokind <> 'a'
    UNION ALL SELECT 'pg_type'::regclass, oid FROM types UNION ALL SELECT 'pg_namespace'::regclass, oid FROM schemas
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k JOIN types y ON y.oid = k.contypid
    UNION ALL SELECT 'pg_trigger'::regclass, g.oid FROM pg_trigger g JOIN relations t ON t.oid = g.tgrelid WHERE NOT tgisinternal AND tgparentid = 0
    UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p JOIN tables t ON t.oid = p.polrelid
    UNION ALL SELECT 'pg_rewrite'::regclass, w.oid FROM pg_rewrite w JOIN relations t ON t.oid = w.ev_class WHERE rulename <> '_RETURN'
    UNION ALL SELECT 'pg_statistic_ext'::regclass, x.oid FROM pg_statistic_ext x JOIN tables t ON t.oid = x.stxrelid
    UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k JOIN tables t ON t.oid = k.conrelid)
  UNION ALL
  SELECT concat_ws(' ', 'right', kind, name), 'right', name, concat(format('REVOKE ALL ON %s %s FROM PUBLIC', kind, name), (SELECT string_agg(format('; GRANT %s ON %s %s TO %s%s', privilege_type, kind, name,
      coalesce(quote_ident(r.rolname), 'PUBLIC'), CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), '' ORDER BY r.rolname, privilege_type)
    FROM aclexplode(acl) x LEFT JOIN pg_roles r ON r.oid = x.grantee WHERE x.grantee <> owner)), NULL
  FROM rights WHERE acl IS NOT NULL
), belongs (classid, objid, node) AS (
  -- What has no statement of its own, and the object whose statement makes it.
  SELECT 'pg_rewrite'::regclass, oid, 'pg_class ' || ev_class FROM pg_rewrite WHERE rulename = '_RETURN'
  UNION ALL SELECT 'pg_attrdef'::regclass, f.oid, 'pg_class ' || adrelid FROM pg_attrdef f JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum = adnum WHERE a.attgenerated <> ''
  UNION ALL SELECT 'pg_type'::regclass, y.oid, CASE c.relkind WHEN 'c' THEN 'pg_type ' || y.oid ELSE 'pg_class ' || c.oid END FROM pg_type y JOIN pg_class c ON c.oid = y.typrelid
  UNION ALL SELECT 'pg_type'::regclass, y.typarray, CASE WHEN c.relkind <> 'c' THEN 'pg_class ' || c.oid ELSE 'pg_type ' || y.oid END FROM pg_type y LEFT JOIN pg_class c ON c.oid = y.typrelid WHERE y.typarray <> 0
  UNION ALL SELECT 'pg_type'::regclass, rngmultitypid, 'pg_type ' || rngtypid FROM pg_range
  UNION ALL SELECT 'pg_class'::regclass, oid, 'pg_type ' || reltype FROM pg_class WHERE relkind = 'c'
  UNION ALL SELECT 'pg_class'::regclass, conindid, 'pg_constraint ' || oid FROM pg_constraint WHERE contype IN ('p', 'u', 'x')
  UNION ALL SELECT 'pg_class'::regclass, oid, 'pg_class ' || refobjid FROM sequences WHERE deptype = 'i'
  UNION ALL SELECT 'pg_constraint'::regclass, oid, CASE contypid WHEN 0 THEN 'pg_class ' || conrelid ELSE 'pg_type ' || contypid END FROM pg_constraint WHERE contype = 'n' AND convalidated OR contypid <> 0 AND convalidated
), uses AS (
  SELECT coalesce(a.node, d.classid::regclass || ' ' || d.objid) AS id, array_agg(DISTINCT coalesce(b.node, d.refclassid::regclass || ' ' || d.refobjid)) AS others
  FROM (
    SELECT classid, objid, refclassid, refobjid, deptype FROM pg_depend
    -- The index of a partition has a name of its own, and comes before the one that it becomes a part of.
    UNION ALL SELECT 'pg_class'::regclass, h.inhparent, 'pg_class'::regclass, h.inhrelid, 'n' FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE c.relkind IN ('i', 'I')
  ) AS d LEFT JOIN belongs a ON (a.classid, a.objid) = (d.classid, d.objid) LEFT JOIN belongs b ON (b.classid, b.objid) = (d.refclassid, d.refobjid)
  -- A sequence that a column owns, and a partition, are made on their own and tied to it later.
  WHERE d.deptype IN ('n', 'i') OR d.deptype = 'a' AND NOT EXISTS (SELECT FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind IN ('S', 'r', 'p'))
  GROUP BY 1
)
SELECT o.id, o.kind, o.name, o.sql, coalesce(o.needs, u.others, '{}') AS uses FROM objects o LEFT JOIN uses u USING (id) ORDER BY o.kind, o.name
