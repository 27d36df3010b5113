-- The text of a value, as ledger and guard compare it: SQL for it, from the catalogs.

CREATE SCHEMA IF NOT EXISTS workshop;

-- SQL for what the output function of its type writes.
CREATE OR REPLACE FUNCTION workshop.output_sql(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('(CASE WHEN %1$s IS DISTINCT FROM NULL THEN concat(%1$s) END) COLLATE "C"', value)
$$;

-- SQL for the text of a value. A type of the user's own may have a cast to text that says what it likes; concat takes
-- what the type's output function writes.
CREATE OR REPLACE FUNCTION workshop.text_sql(type oid, value text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN y.typnamespace = 'pg_catalog'::regnamespace THEN value || '::text COLLATE "C"' ELSE workshop.output_sql(value) END
  FROM pg_type y WHERE y.oid = type
$$;

-- SQL for several texts as one, '(7,b)'; NULL when one of them is NULL: what it would read is no longer there.
CREATE OR REPLACE FUNCTION workshop.row_sql(texts text[]) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN texts IS NULL OR cardinality(texts) = 0 THEN quote_literal('')
    WHEN array_position(texts, NULL) IS NOT NULL THEN NULL
    WHEN cardinality(texts) = 1 THEN texts[1]
    ELSE format('ROW(%s)::text COLLATE "C"', array_to_string(texts, ', ')) END
$$;

-- SQL for the texts of columns of row `t` of a table, in the order of their names here.
CREATE OR REPLACE FUNCTION workshop.texts_of(t oid, names text[]) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(workshop.text_sql(a.atttypid, format('t.%I', a.attname)) ORDER BY n.place)
  FROM unnest(names) WITH ORDINALITY AS n (name, place) JOIN pg_attribute a ON a.attrelid = t AND a.attname = n.name
$$;

-- The type that a domain stands on, through all domains; any other type itself. A cast to a domain runs its CHECKs.
CREATE OR REPLACE FUNCTION workshop.base_type(type oid) RETURNS oid LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE base AS (
    SELECT oid, typbasetype FROM pg_type WHERE oid = type
    UNION ALL
    SELECT y.oid, y.typbasetype FROM base JOIN pg_type y ON y.oid = base.typbasetype
  )
  SELECT oid FROM base WHERE typbasetype = 0
$$;

-- SQL for the text that a value has when it is cast to the type `was`, `via` another. It may run as superuser, so it
-- runs no code of others: of a type that is not PostgreSQL's own, the text that its output function writes is taken.
CREATE OR REPLACE FUNCTION workshop.cast_sql(type oid, value text, was oid, was_typmod int, via text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH ours AS (
    SELECT EXISTS (SELECT FROM pg_type WHERE oid = workshop.base_type(type) AND typnamespace = 'pg_catalog'::regnamespace) AS new,
           EXISTS (SELECT FROM pg_type WHERE oid = workshop.base_type(was) AND typnamespace = 'pg_catalog'::regnamespace) AS old
  )
  SELECT CASE WHEN NOT old THEN workshop.text_sql(type, value)
    ELSE format('((%s)%s::%s)::text COLLATE "C"', CASE WHEN new THEN value ELSE workshop.text_sql(type, value) END, via,
      format_type(workshop.base_type(was), was_typmod)) END
  FROM ours
$$;

-- Types, and those of which they are made: the base of a domain, the elements of an array, the attributes of a composite type.
CREATE OR REPLACE FUNCTION workshop.types_below(types oid[]) RETURNS TABLE (oid oid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE below AS (
    SELECT unnest(types) AS oid
    UNION
    SELECT part.oid FROM below b JOIN pg_type y ON y.oid = b.oid, LATERAL (
      SELECT y.typbasetype AS oid WHERE y.typtype = 'd'
      UNION ALL SELECT e.oid FROM pg_type e WHERE e.typarray = y.oid
      UNION ALL SELECT a.atttypid FROM pg_attribute a WHERE y.typtype = 'c' AND a.attrelid = y.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS part
  )
  SELECT below.oid FROM below
$$;

-- SQL for a value with the attributes alone that its composite types had: `had` has their numbers by the number of the type.
-- The value itself where no such type is in it.
CREATE OR REPLACE FUNCTION workshop.value_as_of(type oid, value text, had jsonb) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  y       pg_type := (SELECT t FROM pg_type t WHERE t.oid = type);
  element oid := (SELECT t.oid FROM pg_type t WHERE t.typarray = type);
  i       text := 'i' || length(value);
  parts   text;
BEGIN
  IF y.typtype = 'd' THEN
    parts := format('(%s)::%s', value, format_type(y.typbasetype, y.typtypmod));
    RETURN coalesce(nullif(workshop.value_as_of(y.typbasetype, parts, had), parts), value);
  ELSIF element IS NOT NULL THEN
    parts := workshop.value_as_of(element, format('(%s)[%s]', value, i), had);
    RETURN CASE WHEN parts = format('(%s)[%s]', value, i) THEN value ELSE
      format('CASE WHEN %1$s IS DISTINCT FROM NULL THEN ARRAY(SELECT %2$s FROM generate_subscripts(%1$s, 1) AS %3$s ORDER BY %3$s) END', value, parts, i) END;
  ELSIF y.typtype <> 'c' OR NOT had ? type::text THEN
    RETURN value;
  END IF;
  SELECT string_agg(coalesce(workshop.value_as_of(a.atttypid, format('(%s).%I', value, a.attname), had), 'NULL'), ', ' ORDER BY x.n) INTO parts
  FROM jsonb_array_elements_text(had -> type::text) WITH ORDINALITY AS x (attnum, n)
  LEFT JOIN pg_attribute a ON a.attrelid = y.typrelid AND a.attnum = x.attnum::int2 AND NOT a.attisdropped;
  RETURN format('CASE WHEN %s IS DISTINCT FROM NULL THEN ROW(%s) END', value, parts);
END $$;
