/** A statement whose lock, and whether it writes the table anew, are read from the server. */
export interface LockCase {
  title: string
  /** What runs before, as migrations that have landed. */
  before?: string[]
  sql: string
  /** Where it needs a newer server than 15. */
  since?: 18
}

export const lockBase = `
CREATE TABLE small (id SERIAL PRIMARY KEY);
CREATE TABLE big (
  id SERIAL PRIMARY KEY, name TEXT, nick VARCHAR(20), age INTEGER, score NUMERIC(5,2), joined TIMESTAMP(3), small_id INTEGER
);
CREATE INDEX big_name ON big (name);
`
export const lockRows = `
INSERT INTO small SELECT FROM generate_series(1, 10);
INSERT INTO big (name, nick, age, score, joined, small_id)
SELECT 'n' || i, 'k' || i, i, 1.5, now(), 1 + i % 10 FROM generate_series(1, 1000) AS i;
`

const hasName = 'ALTER TABLE big ADD CONSTRAINT has_name CHECK (name IS NOT NULL) NOT VALID'
const validated = [hasName, 'ALTER TABLE big VALIDATE CONSTRAINT has_name']

export const lockCorpus: readonly LockCase[] = [
  { title: 'ADD COLUMN nullable', sql: 'ALTER TABLE big ADD COLUMN a TEXT' },
  { title: 'ADD COLUMN with a constant default', sql: "ALTER TABLE big ADD COLUMN a TEXT NOT NULL DEFAULT 'x'" },
  { title: 'ADD COLUMN with a now() default', sql: 'ALTER TABLE big ADD COLUMN a TIMESTAMPTZ DEFAULT now()' },
  {
    title: 'ADD COLUMN with an expression of steady functions',
    sql: "ALTER TABLE big ADD COLUMN a TEXT DEFAULT lower('X') || md5('y')",
  },
  { title: 'ADD COLUMN with an empty list', sql: 'ALTER TABLE big ADD COLUMN a TEXT[] DEFAULT ARRAY[]::TEXT[]' },
  { title: 'ADD COLUMN with gen_random_uuid()', sql: 'ALTER TABLE big ADD COLUMN a UUID DEFAULT gen_random_uuid()' },
  { title: 'ADD COLUMN with random()', sql: 'ALTER TABLE big ADD COLUMN a FLOAT DEFAULT random()' },
  {
    title: 'ADD COLUMN with clock_timestamp()',
    sql: 'ALTER TABLE big ADD COLUMN a TIMESTAMPTZ DEFAULT clock_timestamp()',
  },
  { title: 'ADD COLUMN SERIAL', sql: 'ALTER TABLE big ADD COLUMN a SERIAL' },
  { title: 'ADD COLUMN IDENTITY', sql: 'ALTER TABLE big ADD COLUMN a INT GENERATED ALWAYS AS IDENTITY' },
  { title: 'ADD COLUMN STORED', sql: 'ALTER TABLE big ADD COLUMN a INT GENERATED ALWAYS AS (age + 1) STORED' },
  {
    title: 'ADD COLUMN VIRTUAL',
    sql: 'ALTER TABLE big ADD COLUMN a INT GENERATED ALWAYS AS (age + 1) VIRTUAL',
    since: 18,
  },
  { title: 'SET NOT NULL', sql: 'ALTER TABLE big ALTER COLUMN name SET NOT NULL' },
  {
    title: 'SET NOT NULL after a validated CHECK',
    before: validated,
    sql: 'ALTER TABLE big ALTER COLUMN name SET NOT NULL',
  },
  { title: 'NOT NULL NOT VALID', sql: 'ALTER TABLE big ADD CONSTRAINT n NOT NULL name NOT VALID', since: 18 },
  { title: 'CHECK NOT VALID', sql: hasName },
  { title: 'CHECK', sql: 'ALTER TABLE big ADD CHECK (age > 0)' },
  { title: 'VALIDATE CONSTRAINT', before: [hasName], sql: 'ALTER TABLE big VALIDATE CONSTRAINT has_name' },
  { title: 'CREATE UNIQUE INDEX', sql: 'CREATE UNIQUE INDEX one ON big (name)' },
  { title: 'CREATE INDEX', sql: 'CREATE INDEX one ON big (age)' },
  { title: 'ADD UNIQUE', sql: 'ALTER TABLE big ADD CONSTRAINT one UNIQUE (name)' },
  {
    title: 'ADD CONSTRAINT USING INDEX',
    before: ['CREATE UNIQUE INDEX one ON big (name)'],
    sql: 'ALTER TABLE big ADD CONSTRAINT one UNIQUE USING INDEX one',
  },
  { title: 'ADD EXCLUDE', sql: 'ALTER TABLE big ADD CONSTRAINT one EXCLUDE USING btree (age WITH =)' },
  { title: 'RENAME COLUMN', sql: 'ALTER TABLE big RENAME COLUMN name TO full_name' },
  { title: 'RENAME TABLE', sql: 'ALTER TABLE big RENAME TO bigger' },
  { title: 'SET SCHEMA', before: ['CREATE SCHEMA archive'], sql: 'ALTER TABLE big SET SCHEMA archive' },
  { title: 'DROP COLUMN', sql: 'ALTER TABLE big DROP COLUMN name' },
  { title: 'DROP CONSTRAINT', before: [hasName], sql: 'ALTER TABLE big DROP CONSTRAINT has_name' },
  { title: 'text to varchar(10)', sql: 'ALTER TABLE big ALTER COLUMN name TYPE VARCHAR(10)' },
  { title: 'integer to bigint', sql: 'ALTER TABLE big ALTER COLUMN age TYPE BIGINT' },
  { title: 'integer to text, USING', sql: 'ALTER TABLE big ALTER COLUMN age TYPE TEXT USING age::text' },
  { title: 'varchar(20) to varchar(40)', sql: 'ALTER TABLE big ALTER COLUMN nick TYPE VARCHAR(40)' },
  { title: 'varchar(20) to varchar(10)', sql: 'ALTER TABLE big ALTER COLUMN nick TYPE VARCHAR(10)' },
  { title: 'varchar(20) to text', sql: 'ALTER TABLE big ALTER COLUMN nick TYPE TEXT' },
  { title: 'text to varchar', sql: 'ALTER TABLE big ALTER COLUMN name TYPE VARCHAR' },
  {
    title: 'text to citext, as a release writes it',
    before: ['CREATE EXTENSION citext'],
    sql: 'ALTER TABLE big ALTER COLUMN name SET DATA TYPE citext USING name::citext',
  },
  {
    title: 'varchar(20) to citext',
    before: ['CREATE EXTENSION citext'],
    sql: 'ALTER TABLE big ALTER COLUMN nick TYPE public.citext',
  },
  {
    title: 'citext to varchar(10)',
    before: ['CREATE EXTENSION citext', 'ALTER TABLE big ALTER COLUMN name TYPE citext'],
    sql: 'ALTER TABLE big ALTER COLUMN name TYPE VARCHAR(10)',
  },
  { title: 'text, USING upper()', sql: 'ALTER TABLE big ALTER COLUMN name TYPE TEXT USING upper(name)' },
  { title: 'numeric(5,2) to numeric(8,2)', sql: 'ALTER TABLE big ALTER COLUMN score TYPE NUMERIC(8,2)' },
  { title: 'numeric(5,2) to numeric(8,4)', sql: 'ALTER TABLE big ALTER COLUMN score TYPE NUMERIC(8,4)' },
  { title: 'numeric(5,2) to numeric', sql: 'ALTER TABLE big ALTER COLUMN score TYPE NUMERIC' },
  { title: 'timestamp(3) to timestamp(6)', sql: 'ALTER TABLE big ALTER COLUMN joined TYPE TIMESTAMP(6)' },
  { title: 'timestamp(3) to timestamp', sql: 'ALTER TABLE big ALTER COLUMN joined TYPE TIMESTAMP' },
  { title: 'timestamp(3) to timestamp(0)', sql: 'ALTER TABLE big ALTER COLUMN joined TYPE TIMESTAMP(0)' },
  { title: 'ADD FOREIGN KEY', sql: 'ALTER TABLE big ADD FOREIGN KEY (small_id) REFERENCES small (id)' },
  {
    title: 'ADD FOREIGN KEY NOT VALID',
    sql: 'ALTER TABLE big ADD FOREIGN KEY (small_id) REFERENCES small (id) NOT VALID',
  },
  { title: 'UPDATE', sql: 'UPDATE big SET age = age + 1' },
  { title: 'DELETE', sql: 'DELETE FROM big' },
  { title: 'INSERT … SELECT', sql: 'INSERT INTO big (name) SELECT name FROM big' },
]
