import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import type { Env } from '../../../kit/database/target.ts'
import { askMaker, toRow } from '../../../workshop/course/made-recruits.ts'
import { layEach, nameOf, readSteps } from '../../../workshop/course/read-steps.ts'
import { scratchFolder } from '../../support/server.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { copyDatabase } from '../../support/kept-rows.ts'
import { must } from '../../support/measure.ts'

const steps = readSteps()
const allFiles = layEach(steps)

export interface Bed {
  workshop: MadeGitWorkshop
  /** Files on a branch of their own at the tag of a step, both databases as the course leaves them there. */
  begin(at: number): Promise<void>
  /** All that a command can change: files, git, both databases. */
  state(): Promise<string>
}

/** Both servers, and databases as they are at the end of these steps, to copy from. */
export async function obedientBed(wanted: readonly number[]): Promise<Bed> {
  const workshop = await madeGitWorkshop()
  await must(workshop.door('db', 'up'))
  const root = scratchFolder('obedient ')
  for (const [i, { step, number }] of steps.entries()) {
    if (number > Math.max(...wanted)) break
    const folder = join(root, String(number))
    for (const [path, content] of allFiles[i]!) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    for (const env of ['dev', 'prod'] as const) await change(workshop, env, step[env] ?? {}, i, folder)
    if (!wanted.includes(number)) continue
    for (const env of ['dev', 'prod'] as const) await copyDatabase(workshop, env, env, kept(number))
  }
  rmSync(root, { recursive: true, force: true })
  return {
    workshop,
    async begin(at) {
      const tag = `step-${nameOf(steps.find(({ number }) => number === at)!)}`
      await workshop.cloneAnew()
      // The last step's rule hides migrations from git's own cleaning.
      for (const path of ['prisma/migrations', 'prisma/.gitignore', 'seeds'])
        rmSync(workshop.file(path), { recursive: true, force: true })
      execFileSync('git', ['checkout', '--quiet', '--force', 'HEAD'], { cwd: workshop.folder, stdio: 'pipe' })
      execFileSync('git', ['switch', '--quiet', '-C', 'my-work', tag], { cwd: workshop.folder, stdio: 'pipe' })
      rmSync(workshop.file('.workshop/snapshots'), { recursive: true, force: true })
      for (const env of ['dev', 'prod'] as const) await copyDatabase(workshop, env, kept(at), env)
    },
    async state() {
      const git = execFileSync('git', ['status', '--porcelain=v2', '--branch'], {
        cwd: workshop.folder,
        encoding: 'utf8',
      })
      const diff = execFileSync('git', ['diff', 'HEAD'], { cwd: workshop.folder, encoding: 'utf8' })
      const databases = await Promise.all((['dev', 'prod'] as const).map((env) => contents(workshop.url(env))))
      return createHash('sha256')
        .update(JSON.stringify([git, diff, databases]))
        .digest('hex')
    },
  }
}

const kept = (step: number) => `kept_at_${step}`

type Change = NonNullable<(typeof steps)[number]['step']['dev']>

/** What a step does to a database, in this process: a real seed takes a second each. */
async function change(workshop: MadeGitWorkshop, env: Env, does: Change, i: number, folder: string): Promise<void> {
  const url = workshop.url(env)
  const migrations = join(folder, 'prisma', 'migrations')
  if (does.reset) {
    await workshop.asAdmin('DROP SCHEMA public CASCADE', env, env)
    await workshop.asAdmin('DROP SCHEMA IF EXISTS archive CASCADE', env, env)
    await workshop.asAdmin(`CREATE SCHEMA public AUTHORIZATION ${env}`, env, env)
    await applyMigrations(url, migrations)
  }
  for (const sql of does.typed ?? []) await workshop.sql(env, sql)
  if (does.deploy) await applyMigrations(url, migrations)
  if (does.resolve) await resolveAll(workshop, env, migrations)
  for (const seed of does.seeds ?? []) await addRecruits(url, seed, i)
}

async function resolveAll(workshop: MadeGitWorkshop, env: Env, folder: string): Promise<void> {
  const migrationsList = await readMigrations(folder)
  const rows = await workshop.sql<{ migration_name: string }>(env, 'SELECT migration_name FROM _prisma_migrations')
  const engine = await openEngine({ url: workshop.url(env) })
  for (const { path } of migrationsList.migrationDirectories) {
    const isNoted = rows.some((row) => row.migration_name === path)
    if (!isNoted) await engine.markMigrationApplied({ migrationName: path, migrationsList })
  }
  await engine.close()
}

async function addRecruits(url: string, seed: string, i: number): Promise<void> {
  const files = allFiles[i]!
  const made = await askMaker(
    String(files.get('seeds/recruits.ts')),
    [1, 2, 3, 4, 5].map((n) => ({ run: seed, n })),
  )
  const row = toRow(String(files.get('prisma/schema.prisma')))
  const rows = made.map((one) => row(one!))
  const names = Object.keys(rows[0]!).join(', ')
  const client = new pg.Client(url)
  await client.connect()
  await client.query(
    `INSERT INTO recruits (${names}) SELECT ${names} FROM json_populate_recordset(NULL::recruits, $1) AS n
     WHERE NOT EXISTS (SELECT FROM recruits AS r WHERE r.github_name = n.github_name)`,
    [JSON.stringify(rows)],
  )
  await client.end()
}

async function contents(url: string): Promise<unknown> {
  const client = new pg.Client(url)
  try {
    await client.connect()
  } catch (error) {
    return (error as Error).message
  }
  const { rows: columns } = await client.query(
    `SELECT table_schema, table_name, column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema IN ('public', 'archive') ORDER BY 1, 2, ordinal_position`,
  )
  const has = (table: string) => columns.some((one) => one.table_schema === 'public' && one.table_name === table)
  const rows = has('recruits') ? (await client.query('SELECT to_jsonb(r) FROM recruits AS r ORDER BY 1')).rows : []
  const notes = has('_prisma_migrations')
    ? (
        await client.query(
          'SELECT migration_name, finished_at IS NULL AS a, rolled_back_at IS NULL AS b FROM _prisma_migrations ORDER BY 1, 2, 3',
        )
      ).rows
    : []
  await client.end()
  return [columns, rows, notes]
}

/** Takes the files of another step into the folder, as somebody does who copies them from `steps/`. */
export function layFilesOf(workshop: MadeGitWorkshop, step: number, paths: readonly string[]): void {
  const files = allFiles[steps.findIndex(({ number }) => number === step)]!
  for (const [path, content] of files) {
    if (!paths.some((one) => path === one || path.startsWith(`${one}/`))) continue
    workshop.write(path, String(content))
  }
}

export function dropPath(workshop: MadeGitWorkshop, path: string): void {
  if (existsSync(workshop.file(path))) rmSync(workshop.file(path), { recursive: true })
}
