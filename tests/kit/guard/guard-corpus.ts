/** A script against PROD, and what comes of it. */
export interface GuardCase {
  name: string
  /** Runs first, as PROD's role, and counts as an earlier deploy. */
  setup?: string
  sql: string
}

export interface DestructiveCase extends GuardCase {
  /** SQLSTATEs that the script may end with; WK001 where it is missing, 'passes' where it catches the refusal itself. */
  ends?: string[]
  /** It attacks the protection and not yet a value: without a guard, nothing is lost. */
  attacks?: 'the guard'
}

export interface HarmlessCase extends GuardCase {
  /** It writes new values over old ones, which is an application's right; no row may be lost. */
  writes?: 'over values'
  /** Its setup made a copy, and one of the two is let go. */
  loses?: 'a copy'
  /** A statement that PostgreSQL runs outside of transactions only. */
  runs?: 'outside'
}

/** PROD before each case, made by its role. The first half is there before the guard is, the second half after it. */
export const before = `
CREATE SCHEMA archive;
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('calm', 'busy', 'tired');
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 80);
CREATE TABLE cohorts (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO cohorts VALUES (1, 'C25 Data Eng'), (2, 'C26 Data Eng');

-- twin repeats chatname by chance; empty is NULL everywhere; nothing is '' everywhere.
CREATE TABLE recruits (
  id serial PRIMARY KEY, first_name text NOT NULL, surname varchar(40) NOT NULL, chatname text NOT NULL,
  github_name text NOT NULL UNIQUE, id_number text NOT NULL, age int, score numeric(6, 2), mood mood, nick short_text,
  joined timestamptz, notes jsonb, tags text[], "Shoe Size" int, twin text, empty text, nothing text,
  cohort_id int REFERENCES cohorts (id),
  greeting text GENERATED ALWAYS AS ('Hello ' || first_name) STORED
);
ALTER SEQUENCE recruits_id_seq RESTART 101;
INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, age, score, mood, nick, joined, notes, tags,
  "Shoe Size", twin, nothing, cohort_id) VALUES
  ('Ada', 'Lovelace', 'ada.l', 'ada-gh', '8501', 20, 1.57, 'calm', 'countess', '2025-01-06 09:15:30.25+00', '{"a": 1, "b": [2]}', '{x,y}', 38, 'ada.l', '', 1),
  ('Grace', 'Hopper', 'grace.h', 'grace-gh', '8502', 30, 2.26, 'busy', 'admiral', '2025-01-07 10:45:00.75+00', '{"a": 2}', '{y}', 40, 'grace.h', '', 1),
  ('Alan', 'Turing', 'alan.t', 'alan-gh', '8503', 41, 3.99, 'tired', NULL, '2025-01-08 11:00:01+00', '{"a": 3}', '{}', 44, 'alan.t', '', 2),
  ('Edsger', 'Dijkstra', 'edsger.d', 'edsger-gh', '8504', 52, NULL, 'calm', 'short', NULL, NULL, NULL, NULL, 'edsger.d', '', 2);

CREATE TABLE pets (id int PRIMARY KEY, recruit_id int REFERENCES recruits (id) ON DELETE CASCADE, name text);
INSERT INTO pets VALUES (201, 101, 'Rex'), (202, 102, 'Tom');
CREATE TABLE keyless (a text, b text);
INSERT INTO keyless VALUES ('k1', 'v1'), ('k1', 'v1'), ('k2', 'v2');
CREATE TABLE archive.departed (id int PRIMARY KEY, name text, reason text);
INSERT INTO archive.departed VALUES (301, 'Kurt', 'moved'), (302, 'Emmy', 'retired');
`

export const after = `
CREATE TABLE "Odd ""Name"" für Ω" (id int PRIMARY KEY, "select" text, "Drop Column" text, "a.b; -- c" text);
INSERT INTO "Odd ""Name"" für Ω" VALUES (401, 's1', 'd1', 'x1'), (402, 's2', 'd2', 'x2');

CREATE TABLE measurements (id int, region text, value int, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE measurements_north PARTITION OF measurements FOR VALUES IN ('north');
CREATE TABLE measurements_south PARTITION OF measurements FOR VALUES IN ('south') PARTITION BY RANGE (id);
CREATE TABLE measurements_south_low PARTITION OF measurements_south FOR VALUES FROM (0) TO (600);
CREATE TABLE measurements_south_high PARTITION OF measurements_south FOR VALUES FROM (600) TO (1000);
CREATE TABLE other.measurements_east PARTITION OF measurements FOR VALUES IN ('east');
INSERT INTO measurements VALUES (501, 'north', 51), (502, 'north', 52), (503, 'south', 53), (601, 'south', 61), (504, 'east', 54);

CREATE TABLE animals (id int PRIMARY KEY, name text);
CREATE TABLE dogs (breed text, PRIMARY KEY (id)) INHERITS (animals);
CREATE TABLE other.cats (colour text, PRIMARY KEY (id)) INHERITS (animals);
INSERT INTO animals VALUES (701, 'Dolly');
INSERT INTO dogs VALUES (702, 'Laika', 'mixed');
INSERT INTO other.cats VALUES (703, 'Felix', 'black');

CREATE TABLE other.teams (id int PRIMARY KEY, name text);
CREATE TABLE other.plain (id int PRIMARY KEY, name text);
INSERT INTO other.teams VALUES (801, 'red'), (802, 'blue');
INSERT INTO other.plain VALUES (811, 'one'), (812, 'two');
CREATE TABLE badges (id int PRIMARY KEY, team_id int REFERENCES other.teams (id) ON DELETE CASCADE, label text);
INSERT INTO badges VALUES (901, 801, 'B1'), (902, 802, 'B2');
CREATE TABLE blank (id int PRIMARY KEY, x text);

CREATE VIEW names AS SELECT id, first_name FROM recruits;
CREATE MATERIALIZED VIEW sizes AS SELECT cohort_id, count(*) AS n FROM recruits GROUP BY cohort_id;
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)';
`
