import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import {
  beginAnew,
  deploy,
  deployInHere,
  migration,
  prod,
  refused,
  removeDeployBed,
  startDeployBed,
  workshop,
} from './deploy-bed.ts'

// Schemas as people have them: zones, enums, views, relation tables. Reports of what others have lost by them.

beforeAll(startDeployBed)
beforeEach(beginAnew)
afterEach(() => workshop.asAdmin('ALTER ROLE prod RESET ALL', 'postgres'))
afterAll(removeDeployBed)

/** What a migration before has made on PROD, with rows in it. */
async function landed(sql: string): Promise<void> {
  const name = '20260101000000_before'
  migration(sql, name)
  const checksum = createHash('sha256').update(sql).digest('hex')
  await workshop.sql('prod', sql)
  await workshop.sql(
    'prod',
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES ('1', '${checksum}', now(), '${name}', now(), 1)`,
  )
}

const events = `CREATE TABLE events (id int PRIMARY KEY, at timestamp(3) NOT NULL);
  INSERT INTO events VALUES (1, '2025-06-01 12:00'), (2, '2025-01-01 12:00');`

test('what stands in other schemas is copied, and neither compared nor counted: a deploy says so', async () => {
  await landed(
    'CREATE SCHEMA billing; CREATE TABLE billing.invoices (id int PRIMARY KEY); INSERT INTO billing.invoices VALUES (1);',
  )
  migration('ALTER TABLE recruits ADD COLUMN note text;')
  const { code, output } = await deploy()
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toMatch(
    /! drift {7}none: PROD is what its \d+ migrations make\n +not compared, guarded and counted: the schemas billing, only copied/,
  )
  expect(output).toContain('6 rows in 2 tables')
})

describe('where the role of PROD has a zone of its own,', () => {
  test('a time that is read in that zone is refused on the copy, with the form that names UTC', async () => {
    await landed(events)
    await workshop.asAdmin("ALTER ROLE prod SET timezone = 'America/New_York'", 'postgres')
    const output = await refused('ALTER TABLE "events" ALTER COLUMN "at" SET DATA TYPE TIMESTAMPTZ(3);')
    expect(output).toContain('✗ rehearsal   20270101000000_mine fails on a copy of PROD')
    expect(output).toContain("ALTER COLUMN c TYPE … USING c AT TIME ZONE 'UTC'")
  })

  test('the form that names UTC keeps every instant, and Prisma’s history has the moments as they were', async () => {
    await landed(events)
    await workshop.asAdmin("ALTER DATABASE prod SET timezone = 'America/New_York'", 'postgres')
    migration(`ALTER TABLE events ALTER at TYPE timestamptz(3) USING at AT TIME ZONE 'UTC';`)
    const { code, output } = await deploy()
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toContain('✓ ledger      PROD kept 2 of 2 events, 5 of 5 recruits, 44 of 44 values')
    const [noted] = await workshop.sql<{ off: number; first: string }>(
      'prod',
      `SELECT abs(extract(epoch FROM now() - max(started_at)))::int AS off, (SELECT (at AT TIME ZONE 'UTC')::text FROM events WHERE id = 1) AS first FROM _prisma_migrations`,
    )
    expect(noted!.off).toBeLessThan(600)
    expect(noted!.first).toBe('2025-06-01 12:00:00')
  })
})

const levels = `CREATE TYPE "Level" AS ENUM ('JUNIOR', 'SENIOR');
  CREATE TABLE people (id int PRIMARY KEY, level "Level" NOT NULL DEFAULT 'JUNIOR');
  INSERT INTO people SELECT i, CASE WHEN i < 4 THEN 'JUNIOR' ELSE 'SENIOR' END::"Level" FROM generate_series(1, 10) i;`

describe('of an enum,', () => {
  test('a label under a new name is no loss, and nobody is asked', async () => {
    await landed(levels)
    migration(`ALTER TYPE "Level" RENAME VALUE 'JUNIOR' TO 'TRAINEE';`)
    const { code, output } = await deployInHere('--dry-run')
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('60 of 60 values') })
  })

  test('two labels that change places are told as that, and asked about', async () => {
    await landed(levels)
    migration(`BEGIN; ALTER TYPE "Level" RENAME VALUE 'JUNIOR' TO 'X'; ALTER TYPE "Level" RENAME VALUE 'SENIOR' TO 'JUNIOR';
      ALTER TYPE "Level" RENAME VALUE 'X' TO 'SENIOR'; COMMIT;`)
    const { code, output } = await deployInHere()
    expect(code).toBe(1)
    expect(output).toContain('"Level": JUNIOR is called SENIOR now: no row was written, and each reads SENIOR')
    expect(output).toContain('Labels of an enum change their names with each other.')
    expect(output).toContain('H26 gives the name JUNIOR of Level to another label')
  })

  test('a value that rows have cannot go: how many rows, and the two ways', async () => {
    await landed(levels)
    const output = await refused(`BEGIN;
      CREATE TYPE "Level_new" AS ENUM ('SENIOR');
      ALTER TABLE "people" ALTER COLUMN "level" DROP DEFAULT;
      ALTER TABLE "people" ALTER COLUMN "level" TYPE "Level_new" USING ("level"::text::"Level_new");
      COMMIT;`)
    expect(output).toContain("3 rows of people: level holds what Level_new does not take ('JUNIOR' in 3)")
    expect(output).toContain(`UPDATE "people" SET "level" = '…' WHERE "level" = 'JUNIOR';`)
    expect(output).toContain("or the enum keeps 'JUNIOR'")
  })
})

const users = `CREATE VIEW names AS SELECT id, first_name FROM recruits; GRANT SELECT ON names TO PUBLIC;
  CREATE VIEW loud AS SELECT upper(first_name) AS name FROM names;
  CREATE MATERIALIZED VIEW counts AS SELECT first_name, count(*) AS n FROM recruits GROUP BY 1; CREATE UNIQUE INDEX counts_key ON counts (first_name);
  CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER renamed BEFORE UPDATE OF first_name ON recruits FOR EACH ROW WHEN (OLD.first_name IS DISTINCT FROM NEW.first_name) EXECUTE FUNCTION same();
  CREATE RULE nobody AS ON INSERT TO recruits WHERE NEW.first_name = 'nobody' DO INSTEAD NOTHING;
  CREATE POLICY seen ON recruits USING (first_name <> 'x');
  ALTER TABLE recruits ADD COLUMN hello text GENERATED ALWAYS AS ('Hello ' || first_name) STORED;`

describe('a column that others are made of:', () => {
  test('each of them is named, and the form that is printed works, with their rights', async () => {
    await landed(users)
    const output = await refused('-- longer names\nALTER TABLE recruits ALTER COLUMN first_name TYPE varchar(200);')
    expect(output).toContain('prisma/migrations/20270101000000_mine/migration.sql, line 2')
    for (const user of [
      'view names',
      'materialized view counts',
      'trigger renamed',
      'rule nobody',
      'policy seen',
      'generated column recruits.hello',
    ])
      expect(output).toContain(`${user}`)
    expect(output).toContain('GRANT SELECT ON TABLE public.names TO PUBLIC')
    const lines = output.slice(output.indexOf('in one transaction:\n')).split('\n').slice(1)
    migration(lines.slice(0, lines.findIndex((line) => line.includes('COMMIT;')) + 1).join('\n'))
    const now = await deployInHere('--dry-run')
    expect(now.output).toContain('✓ rehearsal   1 migration tried out on a copy')
  })

  test('a drop says what has to go before it, and not CASCADE', async () => {
    await landed('CREATE VIEW names AS SELECT id, first_name FROM recruits;')
    const output = await refused('ALTER TABLE recruits DROP COLUMN first_name;')
    expect(output).toContain('view names uses first_name of recruits')
    expect(output).toContain('DROP VIEW public.names;')
    expect(output).not.toContain('CASCADE')
  })
})

test('a relation table whose columns change their parts is refused: every pair would mean something else', async () => {
  await landed(`CREATE TABLE "Post" (id int PRIMARY KEY); CREATE TABLE "Tag" (id int PRIMARY KEY);
    CREATE TABLE "_tagged" ("A" int NOT NULL, "B" int NOT NULL, CONSTRAINT "_tagged_AB_pkey" PRIMARY KEY ("A", "B"));
    ALTER TABLE "_tagged" ADD CONSTRAINT "_tagged_A_fkey" FOREIGN KEY ("A") REFERENCES "Post" (id);
    ALTER TABLE "_tagged" ADD CONSTRAINT "_tagged_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag" (id);
    INSERT INTO "Post" VALUES (1), (2), (3); INSERT INTO "Tag" VALUES (1), (2), (3); INSERT INTO "_tagged" VALUES (1, 2), (2, 3);`)
  const output = await refused(`BEGIN; ALTER TABLE "Tag" RENAME TO "Label";
    ALTER TABLE "_tagged" DROP CONSTRAINT "_tagged_A_fkey"; ALTER TABLE "_tagged" DROP CONSTRAINT "_tagged_B_fkey";
    ALTER TABLE "_tagged" ADD CONSTRAINT "_tagged_A_fkey" FOREIGN KEY ("A") REFERENCES "Label" (id);
    ALTER TABLE "_tagged" ADD CONSTRAINT "_tagged_B_fkey" FOREIGN KEY ("B") REFERENCES "Post" (id); COMMIT;`)
  expect(output).toContain('H26 has _tagged.A point to Label, and its values were made for Post')
  expect(output).toContain('RENAME COLUMN "A" TO')
})

test('of many thousand statements in one transaction, the one that fails is named by its line', async () => {
  await landed('CREATE TABLE notes (n int);')
  const lines = Array.from({ length: 16_000 }, (_, i) => `INSERT INTO notes VALUES (${i === 15_500 ? "'x'" : i});`)
  const output = await refused(['BEGIN;', ...lines, 'COMMIT;'].join('\n'))
  expect(output).toContain('migration.sql, line 15502')
  expect(output).toContain('invalid input syntax for type integer: "x"')
})

describe('a file that was written for another reader says so:', () => {
  test.each([
    [
      'a byte order mark',
      '\uFEFFALTER TABLE recruits ADD COLUMN x int;',
      'syntax error at or near',
      'byte order mark (U+FEFF)',
    ],
    [
      'a command of psql',
      '\\connect prod\nALTER TABLE recruits ADD COLUMN x int;',
      'syntax error at or near "\\"',
      '\\connect, line 1, is a command of psql',
    ],
    [
      'rows behind COPY',
      'CREATE TABLE t (id int);\nCOPY t (id) FROM stdin;\n1\n2\n\\.\n',
      'syntax error at or near "1"',
      'COPY … FROM stdin, line 2',
    ],
  ])('%s', async (_, sql, words, mend) => {
    const output = await refused(sql)
    expect(output).toContain(`ERROR: ${words}`)
    expect(output).toContain(mend)
  })

  test('on DEV too, below Prisma’s P3018', async () => {
    migration('\\connect prod\nSELECT 1;')
    const before = await prod()
    const { code, output } = await workshop.run('migrate', 'deploy')
    expect(code).toBe(1)
    expect(output).toContain('Error: P3018')
    expect(output).toContain('ERROR: syntax error at or near "\\"')
    expect(output).toContain('\\connect, line 1, is a command of psql')
    expect(await prod()).toEqual(before)
  })
})
