import pg from 'pg'
import { readAllRows } from '../../kit/catalog/migration-history.ts'
import type { Env } from '../../kit/database/target.ts'
import { readGuard } from '../../kit/guard/guard.ts'
import type { Scene } from '../course/check-scene.ts'
import { columnsOfModel } from '../course/made-recruits.ts'
import { migrationScripts, type StepState } from '../course/step-databases.ts'
import type { ProgressEvent } from './progress-line.ts'
import type { HistoryProbe, Probe, RowsProbe } from './question.ts'

/** What a probe may look at. */
export interface Ground {
  scene: Scene
  states: readonly StepState[]
  /** What was noted at the step of the question. */
  events: readonly ProgressEvent[]
  /** The step of the question. */
  step: number
}

/** Whether all of these are so. Stops at the first that is not: what follows may need it. */
export async function hold(probes: readonly Probe[], ground: Ground): Promise<boolean> {
  for (const probe of probes) if (!(await holds(probe, ground))) return false
  return true
}

function holds(probe: Probe, ground: Ground): Promise<boolean> | boolean {
  // TypeScript cannot see that a probe and its kind belong together.
  const look = kinds[probe.kind] as (probe: Probe, ground: Ground) => Promise<boolean> | boolean
  return look(probe, ground)
}

/** Each kind of probe: a new question needs no new code. Databases are asked, and never written to. */
const kinds: {
  [K in Probe['kind']]: (probe: Extract<Probe, { kind: K }>, ground: Ground) => Promise<boolean> | boolean
} = {
  async table({ on, table, is }, { scene }) {
    return (await columnsOf(scene, on, table.includes('.') ? table : `public.${table}`)).length > 0 === (is === 'there')
  },

  async column({ on, column, is }, { scene }) {
    const found = (await columnsOf(scene, on, 'public.recruits')).find(({ name }) => name === column)
    if (is === 'missing' || !found) return is === 'missing' && !found
    return is === 'there' || found.isRequired === (is === 'required')
  },

  async rows(probe, { scene }) {
    const n = await countRows(probe, scene)
    return n !== undefined && n >= (probe.atLeast ?? 0) && n <= (probe.atMost ?? Number.POSITIVE_INFINITY)
  },

  async query({ on, is }, { scene }) {
    return (await queryWorks(scene, on)) === (is === 'works')
  },

  async history(probe, { scene }) {
    const n = await countMigrations(probe, scene)
    return n >= (probe.atLeast ?? 1) && n <= (probe.atMost ?? Number.POSITIVE_INFINITY)
  },

  async drift({ on, is }, { scene }) {
    const applied = new Set(
      (await readAllRows(await scene.client(on))).flatMap(({ name, state }) => (state === 'applied' ? [name] : [])),
    )
    const scripts = (await scene.migrations()).filter(({ name }) => applied.has(name)).map(({ sql }) => sql)
    const difference = await scene.schemas.difference(await scene.after(scripts), await scene.live(on))
    return (difference !== undefined) === (is === 'there')
  },

  async guard({ on }, { scene }) {
    return (await readGuard(await scene.client(on))) === 'whole'
  },

  file({ path, holds: words, is }, { scene }) {
    const text = scene.read(path)
    return (text !== undefined && text.includes(words ?? '')) === (is === 'there')
  },

  async script({ holds: words, is }, { scene }) {
    return (await scene.migrations()).some(({ sql }) => sql.includes(words)) === (is === 'there')
  },

  async difference({ says }, { scene, states, step }) {
    const before = states.findLast((state) => state.step.number < step)
    const model = scene.read('prisma/schema.prisma')
    if (!before || model === undefined) return false
    const wanted = await scene.after(migrationScripts(before.files))
    return (await scene.schemas.difference(wanted, model))?.includes(says) === true
  },

  noted({ event, what, on }, { events }) {
    return events.some(
      (one) => one.kind === event && one.what === what && (!on || one.words.startsWith(`${on.toUpperCase()}:`)),
    )
  },

  async either({ of }, ground) {
    for (const probes of of) if (await hold(probes, ground)) return true
    return false
  },
}

async function columnsOf(scene: Scene, env: Env, table: string): Promise<{ name: string; isRequired: boolean }[]> {
  const client = await scene.client(env)
  const { rows } = await client.query<{ name: string; isRequired: boolean }>(
    `SELECT attname AS name, attnotnull AS "isRequired" FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [table],
  )
  return rows
}

/** Undefined where there is no such table, or no such column. */
async function countRows({ on, table = 'public.recruits', cohort, ...only }: RowsProbe, scene: Scene) {
  const columns = (await columnsOf(scene, on, table)).map(({ name }) => name)
  const asked = [only.with, only.without].filter((name) => name !== undefined)
  if (columns.length === 0 || asked.some((name) => !columns.includes(name))) return undefined
  const isEmpty = (name: string) => `nullif(trim(${pg.escapeIdentifier(name)}::text), '') IS NULL`
  const conditions = [
    ...(only.with ? [`NOT (${isEmpty(only.with)})`] : []),
    ...(only.without ? [isEmpty(only.without)] : []),
    // Before there is a cohort column, a name tells: katrina-moosa-c25-1.
    ...(cohort ? [columns.includes('cohort') ? 'cohort LIKE $1' : 'github_name LIKE $1'] : []),
  ]
  const pattern = columns.includes('cohort') ? `${cohort}%` : `%-${cohort?.toLowerCase()}-%`
  const name = table.split('.').map(pg.escapeIdentifier).join('.')
  const { rows } = await (
    await scene.client(on)
  ).query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${name}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`,
    cohort ? [pattern] : [],
  )
  return rows[0]!.n
}

/** Asks as Prisma Client asks: for every column of the model, by its name. */
async function queryWorks(scene: Scene, env: Env): Promise<boolean | undefined> {
  const fields = columnsOfModel(scene.read('prisma/schema.prisma') ?? '')
  if (!fields) return undefined
  const names = [...fields.values()].map(({ column }) => pg.escapeIdentifier(column))
  const client = await scene.client(env)
  return client.query(`SELECT ${names.join(', ')} FROM public.recruits LIMIT 1`).then(
    () => true,
    (error) => {
      // 42703 undefined column, 42P01 undefined table: https://www.postgresql.org/docs/current/errcodes-appendix.html
      if (['42703', '42P01'].includes(error.code)) return false
      throw error
    },
  )
}

async function countMigrations({ on, is, about }: HistoryProbe, scene: Scene): Promise<number> {
  const folder = await scene.migrations()
  const isAbout = (name: string) =>
    about === undefined || name.includes(about) || folder.some((one) => one.name === name && one.sql.includes(about))
  if (is === 'pending' || is === 'out of order') {
    return (await scene.notes(on)).filter(({ kind, migration }) => kind === is && isAbout(migration)).length
  }
  const rows = await readAllRows(await scene.client(on))
  return rows.filter(({ state, name }) => state === is && isAbout(name)).length
}
