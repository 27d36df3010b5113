import type { DriftCase } from './drift-case.ts'
import { columnCases } from './drift-corpus-columns.ts'
import { leftOutCases } from './drift-corpus-left-out.ts'
import { tableCases } from './drift-corpus-tables.ts'

/** A small database with some of everything. */
export const base = `
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 80);
CREATE SEQUENCE badge_numbers;
CREATE TABLE cohorts (id SERIAL PRIMARY KEY, name TEXT NOT NULL, started DATE);
CREATE TABLE recruits (
  id SERIAL PRIMARY KEY, name TEXT NOT NULL, email TEXT, age INTEGER, mood mood NOT NULL DEFAULT 'calm',
  nick short_text, cohort_id INTEGER NOT NULL REFERENCES cohorts (id) ON DELETE RESTRICT, note TEXT DEFAULT 'none',
  joined TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, name_length INTEGER GENERATED ALWAYS AS (length(name)) STORED,
  CONSTRAINT grown_up CHECK (age >= 16)
);
CREATE UNIQUE INDEX recruits_email_key ON recruits (email);
CREATE INDEX recruits_name_idx ON recruits (name);
CREATE VIEW names AS SELECT id, name FROM recruits;
CREATE MATERIALIZED VIEW moods AS SELECT mood, count(*) AS n FROM recruits GROUP BY mood;
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.note := shout(NEW.note); RETURN NEW; END';
CREATE TRIGGER stamped BEFORE INSERT ON recruits FOR EACH ROW EXECUTE FUNCTION stamp();
COMMENT ON COLUMN recruits.email IS 'where to write';
INSERT INTO cohorts (name) VALUES ('C25'), ('C26');
INSERT INTO recruits (name, email, age, cohort_id) VALUES ('Ada', 'ada@example.com', 20, 1), ('Grace', 'grace@example.com', 30, 2);
`

/** Drift of every kind, each made by SQL in a copy of `base`. */
export const corpus: DriftCase[] = [...columnCases, ...tableCases, ...leftOutCases]
