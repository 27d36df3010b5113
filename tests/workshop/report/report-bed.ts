import { createHash, randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import type { Env } from '../../../kit/database/target.ts'
import { askMaker, toRow } from '../../../workshop/course/made-recruits.ts'
import { layFiles } from '../../../workshop/course/read-steps.ts'
import { copyDatabase } from '../../support/kept-rows.ts'
import { keptWorkshop } from '../../support/kept-workshop.ts'
import { must } from '../../support/measure.ts'
import { courseIn } from '../../support/toy-course.ts'
import type { Workshop } from '../../support/workshop.ts'

/** Steps at whose end PROD has got something, and the cohorts that are there then. */
export const stages = {
  7: ['c25'],
  10: ['c25', 'c26'],
  13: ['c25', 'c26', 'c27'],
  18: ['c25', 'c26', 'c27', 'c28'],
} as const
export type Stage = keyof typeof stages

export interface Bed {
  workshop: Workshop
  git(...argv: string[]): string
  /** Files, commits, both databases and the copies as they are at the end of a step. */
  begin(at: Stage): Promise<void>
  commit(message: string): void
  /** Past PROD's guard: as its superuser, or as its role. */
  force(sql: string, as?: 'prod'): Promise<void>
  /** Notes a migration as applied, as Prisma does. */
  note(env: Env, name: string): Promise<void>
  /** Runs the folder's migrations on a database, as Prisma does. */
  apply(env: Env): Promise<void>
  /** Adds the recruits of a cohort, as its seed does. */
  seed(env: Env, cohort: string): Promise<void>
  /** The page, as Markdown. */
  page(): Promise<string>
}

/** Somebody who has done the whole exercise, with deploys of the workshop, on servers of their own. */
export async function reportBed(): Promise<Bed> {
  const workshop = await keptWorkshop('report', makeStages)
  return bedOn(workshop)
}

function bedOn(workshop: Workshop): Bed {
  const { git } = courseIn(workshop.folder)
  const snapshots = workshop.file('.workshop/snapshots')
  const bed: Bed = {
    workshop,
    git,
    async begin(at) {
      for (const path of [
        'prisma/migrations',
        'prisma/.gitignore',
        'seeds',
        'progress.txt',
        'report',
        '.workshop/progress.txt',
      ])
        rmSync(workshop.file(path), { recursive: true, force: true })
      git('checkout', '--quiet', '--force', '-B', 'my-work', `at-${at}`)
      git('clean', '--quiet', '-fd')
      rmSync(snapshots, { recursive: true, force: true })
      cpSync(`${snapshots}-kept`, snapshots, { recursive: true })
      for (const env of ['dev', 'prod'] as const) await copyDatabase(workshop, env, `kept_at_${at}`, env)
    },
    commit(message) {
      git('add', '--all', '--force', 'prisma/migrations')
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message', message)
    },
    async force(sql, as) {
      const role = as === undefined ? '' : `SET ROLE ${as};`
      await workshop.asAdmin(`SET event_triggers = off; SET session_replication_role = replica; ${role} ${sql}`)
    },
    async note(env, name) {
      const text = readFileSync(workshop.file(`prisma/migrations/${name}/migration.sql`))
      const sum = createHash('sha256').update(text).digest('hex')
      await workshop.sql(
        env,
        `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
         VALUES ('${randomUUID()}', '${sum}', now(), '${name}', now(), 1)`,
      )
    },
    apply: async (env) => void (await applyMigrations(workshop.url(env), workshop.file('prisma/migrations'))),
    seed: (env, cohort) => addRecruits(workshop, env, cohort),
    async page() {
      await must(workshop.door('report'))
      return readFileSync(workshop.file('report/report.md'), 'utf8')
    },
  }
  return bed
}

async function makeStages(workshop: Workshop): Promise<void> {
  const course = courseIn(workshop.folder)
  course.git('init', '--quiet', '--initial-branch=main')
  course.git('add', '--force', 'prisma/migrations')
  course.commit('The workshop')
  await course.build()
  course.git('switch', '--quiet', '-c', 'my-work', 'step-00-two-databases')
  const bed = bedOn(workshop)
  for (const [at, cohorts] of Object.entries(stages)) {
    workshop.layStep(Number(at))
    bed.commit(`Work up to step ${at}`)
    await must(workshop.door('migrate', 'deploy', '--env', 'prod', '--yes'))
    await bed.seed('prod', cohorts.at(-1)!)
    await workshop.asAdmin(
      'DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS archive CASCADE; CREATE SCHEMA public AUTHORIZATION dev',
      'dev',
      'dev',
    )
    await bed.apply('dev')
    for (const cohort of cohorts) await bed.seed('dev', cohort)
    bed.git('tag', `at-${at}`)
    for (const env of ['dev', 'prod'] as const) await copyDatabase(workshop, env, env, `kept_at_${at}`)
  }
  cpSync(workshop.file('.workshop/snapshots'), workshop.file('.workshop/snapshots-kept'), { recursive: true })
}

async function addRecruits(workshop: Workshop, env: Env, cohort: string): Promise<void> {
  const read = (path: string) => readFileSync(workshop.file(path), 'utf8')
  const made = await askMaker(
    read('seeds/recruits.ts'),
    [1, 2, 3, 4, 5].map((n) => ({ run: cohort, n })),
  )
  const row = toRow(read('prisma/schema.prisma'))
  const rows = made.map((one) => row(one!))
  const names = Object.keys(rows[0]!).join(', ')
  const client = new pg.Client(workshop.url(env))
  await client.connect()
  await client.query(
    `INSERT INTO recruits (${names}) SELECT ${names} FROM json_populate_recordset(NULL::recruits, $1)`,
    [JSON.stringify(rows)],
  )
  await client.end()
}

/** Takes files of another step into the folder, as somebody does who copies them from `steps/`. */
export function layFilesOf(workshop: Workshop, step: number, paths: readonly string[]): void {
  for (const [path, content] of layFiles(step)) {
    if (!paths.some((one) => path === one || path.startsWith(`${one}/`))) continue
    mkdirSync(dirname(workshop.file(path)), { recursive: true })
    writeFileSync(workshop.file(path), content)
  }
}

/** Some file of a copy of PROD that the ledger names. */
export function copyFile(workshop: Workshop, copy: string, table: string): string {
  const folder = workshop.file(join('.workshop/snapshots', copy))
  const { tables } = JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8')) as {
    tables: { name: string; schema: string; file: string }[]
  }
  const found = tables.find(({ schema, name }) => `${schema}.${name}` === table)!
  if (!existsSync(join(folder, found.file))) throw new Error(`${copy} has no ${table}`)
  return join(folder, found.file)
}
