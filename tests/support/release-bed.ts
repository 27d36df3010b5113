import { expect } from '@jest/globals'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { keptWorkshop } from './kept-workshop.ts'
import { must } from './measure.ts'
import { courseIn } from './toy-course.ts'
import type { Ran } from './program.ts'
import type { Workshop } from './workshop.ts'

/**
 * A clone whose PROD has twenty recruits, three mentors and some visits, and things that a schema.prisma cannot say. Each
 * test begins with `reset`, changes the models, and makes a release: PROD is only read.
 */
export interface ReleaseBed extends Workshop {
  git(...argv: string[]): string
  /** The first commit. */
  base: string
  /** The models of that commit. */
  schema: string
  /** Goes back to the first commit, and to its migrations. */
  reset(): void
  /** Changes the models, and commits that. */
  change(...changes: [from: string | RegExp, to: string][]): void
  /** `npm run release`, in this process. */
  release(...flags: string[]): Promise<Ran>
  /** Makes a release that is committed. Returns its files, by their names without the date, and what was shown. */
  released(...flags: string[]): Promise<{ files: Record<string, string>; output: string }>
  /** A release that is refused leaves git and the migrations as they were. Returns what it says. */
  refused(...flags: string[]): Promise<string>
  /** Names of the migrations. */
  folders(): string[]
  /** All that a release must not change. */
  prod(): Promise<unknown>
  /** Databases that a release makes on DEV's server, and takes away again. */
  leftOnDev(): Promise<unknown[]>
}

export const releaseWords = ['release', '--env', 'prod', '--name', 'change']

const more = `CREATE TYPE "Role" AS ENUM ('MENTOR', 'STAFF');
CREATE TABLE "mentors" (
  "id" SERIAL PRIMARY KEY, "fullName" text NOT NULL, "role" "Role" NOT NULL DEFAULT 'MENTOR', "nick" text, "years" text NOT NULL DEFAULT '1'
);
CREATE UNIQUE INDEX "mentors_fullName_key" ON "mentors" ("fullName");
INSERT INTO "mentors" ("fullName", "nick") VALUES ('A', 'a'), ('B', NULL), ('C', 'c');
CREATE TABLE "visits" ("id" SERIAL PRIMARY KEY, "page" text NOT NULL, "note" text, "mentor" integer);
ALTER TABLE "mentors" ADD CONSTRAINT "named" CHECK ("fullName" <> '');
CREATE INDEX "mentors_lower" ON "mentors" (lower("fullName"));
CREATE UNIQUE INDEX "mentors_one_nick" ON "mentors" ("nick") WHERE "nick" <> '';
CREATE VIEW "staff" AS SELECT "id" FROM "mentors" WHERE "role" = 'STAFF';
COMMENT ON TABLE "mentors" IS 'who helps';
CREATE VIEW "forge_names" AS SELECT "id", "github_name" AS "forge", "cohort" FROM "recruits";
`
const models = `
enum Role {
  MENTOR
  STAFF
}

model Mentor {
  id       Int     @id @default(autoincrement())
  fullName String  @unique
  role     Role    @default(MENTOR)
  nick     String?
  years    String  @default("1")

  @@map("mentors")
}

model Visit {
  id     Int     @id @default(autoincrement())
  page   String
  note   String?
  mentor Int?

  @@map("visits")
}
`
const newest = '20250201000000_more'

/** With so many visits: at 100,000 rows a table is one whose locks everyone waits for. */
export async function releaseBed(visits: number): Promise<ReleaseBed> {
  const workshop = await keptWorkshop('release', makeClone)
  const { git } = courseIn(workshop.folder)
  await workshop.sql('prod', `INSERT INTO visits (page) SELECT 'page ' || n FROM generate_series(1, ${visits}) AS n`)
  const base = git('rev-parse', 'HEAD')
  const schema = readFileSync(workshop.file('prisma/schema.prisma'), 'utf8')
  const migrations = workshop.file('prisma/migrations')
  const folders = () => readdirSync(migrations).filter((name) => !name.endsWith('.toml'))
  const release = (...flags: string[]) => workshop.door(...releaseWords, ...flags)
  const inGit = () => [git('rev-parse', 'HEAD'), git('status', '--porcelain', '--ignored', 'prisma'), folders()]
  return {
    ...workshop,
    git,
    base,
    schema,
    folders,
    release,
    reset() {
      git('switch', '--quiet', '--force', '-C', 'main', base)
      for (const name of folders()) if (name > newest) rmSync(`${migrations}/${name}`, { recursive: true })
    },
    change(...changes) {
      const text = changes.reduce((all, [from, to]) => {
        expect(all.replace(from, to)).not.toBe(all)
        return all.replace(from, to)
      }, schema)
      workshop.write('prisma/schema.prisma', text)
      git('commit', '--quiet', '--all', '--message', 'Change the models')
    },
    async released(...flags) {
      const { code, output } = await release(...flags)
      expect({ code, output }).toMatchObject({ code: 0 })
      expect(git('status', '--porcelain')).toBe('')
      const names = git('diff', '--name-only', 'HEAD~1').split('\n')
      const files = names.map((path) => [
        path.split('/')[2]!.replace(/^\d{14}_/, ''),
        readFileSync(workshop.file(path), 'utf8'),
      ])
      return { files: Object.fromEntries(files), output }
    },
    async refused(...flags) {
      const before = inGit()
      const { code, output } = await release(...flags)
      expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('✗ Nothing was released') })
      expect(inGit()).toEqual(before)
      return output
    },
    prod: () =>
      workshop.sql(
        'prod',
        `SELECT (SELECT jsonb_agg(to_jsonb(r) ORDER BY id) FROM recruits AS r) AS recruits,
           (SELECT jsonb_agg(to_jsonb(m) ORDER BY id) FROM mentors AS m) AS mentors, (SELECT count(*) FROM visits) AS visits,
           (SELECT jsonb_agg(relname ORDER BY relname) FROM pg_class) AS names,
           (SELECT count(*) FROM pg_attribute WHERE NOT attisdropped) AS columns,
           (SELECT count(*) FROM _prisma_migrations) AS migrations, (SELECT count(*) FROM workshop.ledger) AS entries`,
      ),
    leftOnDev: () => workshop.sql('dev', "SELECT datname FROM pg_database WHERE datname ~ '^(workshop_reh|prisma_)'"),
  }
}

async function makeClone(workshop: Workshop): Promise<void> {
  workshop.write(`prisma/migrations/${newest}/migration.sql`, more)
  const schema = workshop.file('prisma/schema.prisma')
  workshop.write('prisma/schema.prisma', readFileSync(schema, 'utf8') + models)
  await must(workshop.run('migrate', 'deploy', '--env', 'prod', '--yes'))
  await workshop.sql(
    'prod',
    `INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort)
     SELECT 'First ' || n, 'Last ' || n, 'chat' || n, 'git' || n, n || '@example.com', 'C' || 25 + n % 4
     FROM generate_series(1, 20) AS n`,
  )
  const { git, commit } = courseIn(workshop.folder)
  git('init', '--quiet', '--initial-branch=main')
  // The last step's own rule ignores migrations, those that came with it included.
  git('add', '--force', 'prisma/migrations')
  commit('The workshop')
}
