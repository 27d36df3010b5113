import pg from 'pg'
import type { BranchMigrations } from './branch-checks.ts'
import type { ReviewReport, NotChecked } from './review-report.ts'
import type { Finding } from '../hazards/finding.ts'
import { addedNames } from './branch-checks.ts'
import { Problem } from '../terminal/problem.ts'
import { counted } from '../terminal/numbers.ts'
import { connectTo } from '../database/connection.ts'
import { copyRows } from '../keep/copy-rows.ts'
import { schemaComplaint } from '../engine/engine-error.ts'
import { loadParser } from '../sql/tree.ts'
import { textsOf, type Branch } from '../git/branch.ts'
import { tryGit } from '../git/git.ts'
import type { ReviewSettings } from './review-settings.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { openReplay, ScriptFailed } from '../catalog/replay.ts'
import { joined, schemaPaths } from '../catalog/schema-files.ts'
import { defaultsAsPrinted } from '../catalog/model-text.ts'
import { openSchemas } from '../catalog/schemas.ts'
import type { ReviewPlace } from './review-place.ts'
import { whoTookIt } from './taken-names.ts'

type Replayed = Pick<ReviewReport, 'findings' | 'passed' | 'notChecked'>

/**
 * Runs the branch's migrations in a database made for it on DEV's server: from empty, and on rows of DEV after those
 * that have landed; and compares what they make with schema.prisma. Without DEV it says what was not checked.
 */
export async function replayBranch(
  { root, dev }: Pick<ReviewPlace, 'root' | 'dev'>,
  { prefix }: Branch,
  head: ReadonlyMap<string, string>,
  migrations: BranchMigrations,
  settings: ReviewSettings,
): Promise<Replayed> {
  const schemaPath = prefix + (settings.schema ?? 'prisma/schema.prisma')
  if (!dev) return notReplayed('There is no server here that a database may be made on.', schemaPath, migrations.folder)
  let client: pg.Client
  try {
    client = await connectTo(dev())
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return notReplayed(`${error.message} ${error.why}`, schemaPath, migrations.folder, 'npm run db up')
  }
  try {
    const paths = [...migrations.head].filter(([path]) => /^[^/]+\/migration\.sql$/.test(path))
    const texts = await textsOf(
      root,
      paths.map(([, id]) => id),
    )
    const all = paths.map(([path], i) => ({ name: path.split('/')[0]!, sql: texts[i]! }))
    const ordered = all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const added = new Set(addedNames(migrations))
    const broken = await replayFromEmpty(ordered, dev().url, migrations.folder)
    if (broken) return { findings: [broken], passed: [], notChecked: [] }
    const [onRows, schema] = [
      await replayOnRows(ordered, added, client, dev().url, migrations.folder),
      await compareSchema(root, head, schemaPath, ordered, dev().url),
    ]
    const passed = [`${counted(ordered.length, 'migration')} run from empty`]
    return {
      findings: [...onRows.findings, ...schema.findings],
      passed: [...passed, ...onRows.passed, ...schema.passed],
      notChecked: [...onRows.notChecked, ...schema.notChecked],
    }
  } finally {
    await client.end()
  }
}

async function replayFromEmpty(
  all: readonly MigrationText[],
  url: string,
  folder: string,
): Promise<Finding | undefined> {
  await loadParser()
  const replay = await openReplay(url)
  try {
    await replay.run(all.map(({ sql }) => sql))
    return undefined
  } catch (error) {
    return failure(error, all, folder, 'fails when all are replayed from empty')
  } finally {
    await replay.remove()
  }
}

async function replayOnRows(
  all: readonly MigrationText[],
  added: ReadonlySet<string>,
  dev: pg.Client,
  url: string,
  folder: string,
): Promise<Replayed> {
  if (added.size === 0) return nothing
  const replay = await openReplay(url)
  try {
    const landed = all.filter(({ name }) => !added.has(name)).map(({ sql }) => sql)
    await replay.run(landed)
    const rows = await copyRows(dev, replay.pool)
    if (rows === 0)
      return {
        ...nothing,
        notChecked: [{ what: 'the migrations on rows', why: 'DEV holds no row that fits.', next: 'npm run seed:c25' }],
      }
    await replay.run([...landed, ...all.filter(({ name }) => added.has(name)).map(({ sql }) => sql)])
    return { ...nothing, passed: [`${counted(added.size, 'new migration')} on ${counted(rows, 'row')} of DEV`] }
  } catch (error) {
    return { ...nothing, findings: [failure(error, all, folder, 'fails on the rows that DEV holds')] }
  } finally {
    await replay.remove()
  }
}

/** Prisma's own comparison, as `migrate diff --from-migrations … --to-schema … --exit-code` makes it. */
async function compareSchema(
  root: string,
  head: ReadonlyMap<string, string>,
  path: string,
  all: readonly MigrationText[],
  url: string,
): Promise<Replayed> {
  const files = schemaPaths(head.keys(), path)
  if (files.length === 0) {
    const next = 'Name it in package.json:  "migrationReview": { "schema": "…" }'
    return { ...nothing, notChecked: [{ what: 'schema.prisma', why: `The branch holds no ${path}.`, next }] }
  }
  const schemas = openSchemas(url)
  try {
    const texts = await textsOf(
      root,
      files.map((file) => head.get(file)!),
    )
    const scripts = all.map(({ sql }) => sql)
    const difference = await schemas.asked(scripts, url, joined(texts))
    if (difference === undefined) return { ...nothing, passed: ['schema.prisma and the migrations agree'] }
    const lines = difference
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    return {
      ...nothing,
      findings: [
        {
          id: 'H19',
          level: 'refuse',
          file: path,
          words: `schema.prisma says something else than the migrations make: ${lines.slice(0, 4).join(' ')}`,
          why: 'The next "migrate dev", somebody else’s perhaps, writes a migration that nobody expects.',
          next: [
            'npm run migrate -- dev --name describe_the_change    (then commit both)',
            ...defaultsAsPrinted(difference).map((line) => `Or, where it is the same: ${line}`),
            ...(await whereHidden(root)),
          ],
        },
      ],
    }
  } catch (error) {
    const complaint = schemaComplaint(error)
    if (!complaint) throw error
    return {
      ...nothing,
      findings: [
        {
          id: 'unreadable',
          level: 'refuse',
          file: path,
          ...(complaint.line && files.length === 1 && { line: complaint.line }),
          words: 'schema.prisma cannot be read',
          why: complaint.words,
          next: ['npx prisma validate'],
        },
      ],
    }
  } finally {
    await schemas.close()
  }
}

const nothing: Replayed = { findings: [], passed: [], notChecked: [] }

function failure(error: unknown, all: readonly MigrationText[], folder: string, words: string): Finding {
  const name = error instanceof ScriptFailed ? error.nameIn(all) : undefined
  if (name === undefined) throw error
  const cause = (error as ScriptFailed).cause as Error & { code?: string }
  return {
    id: 'H20',
    level: 'refuse',
    file: `${folder}/${name}/migration.sql`,
    words: `${name} ${words}`,
    why: `PostgreSQL says: ${cause.message}.${whoTookIt(cause, all, name)}`,
    next: [`Mend ${folder}/${name}/migration.sql.`],
  }
}

function notReplayed(why: string, schema: string, folder: string, next?: string): Replayed {
  const diff = `npx prisma migrate diff --from-migrations ${folder} --to-schema ${schema} --exit-code`
  const notChecked: NotChecked = {
    what: 'whether the migrations run, and make what schema.prisma says',
    why,
    next: next ?? `${diff}    (with a shadow database of your own)`,
  }
  return { ...nothing, notChecked: [notChecked] }
}

/** A rule of git that hides new migrations: then nobody who adds all would commit one. */
async function whereHidden(root: string): Promise<string[]> {
  const path = 'prisma/migrations/29990101000000_new/migration.sql'
  const found = await tryGit(['check-ignore', '--verbose', path], { root }).catch(() => undefined)
  if (found?.code !== 0) return []
  return [
    `git add --force prisma/migrations    (${found.stdout.toString().split(':')[0]} hides new ones from a plain "git add")`,
    'Or, where no branch holds migrations, say so in package.json:  "migrationReview": { "mode": "no-migrations" }',
  ]
}
