import pg from 'pg'
import type { Env } from '../../kit/database/target.ts'
import type { Scene } from './check-scene.ts'
import { describeWrong, judgeValues, soughtElsewhere, type NowRows, type WrongValues } from './judge-values.ts'
import { followRenames, readKnownRows, readRenames, type KnownRows } from './known-values.ts'
import { addMadeRows, missingPeople } from './made-rows.ts'
import { migrationScripts, type StepState } from './step-databases.ts'
import { placementOf, type Placement } from './trial-judge.ts'
import type { Row } from './trial.ts'

/**
 * What is wrong with the values of PROD: each recruit still has what the copies and the seeds say that it had, where it
 * belongs. PROD is only read.
 */
export async function findWrongValues(
  scene: Scene,
  states: readonly StepState[],
): Promise<{ found: string; wrong: readonly WrongValues[] } | undefined> {
  const { known, now, placement } = await readValues(scene, states)
  const wrong = judgeValues(known, now, placement)
  if (wrong.length > 0) return { found: describeWrong(wrong), wrong }
  const missing = missingPeople(now.recruits)
  if (missing.length === 0) return undefined
  return { found: `no recruit is called as the seed calls ${missing.slice(0, 5).join(', ')}`, wrong: [] }
}

/** What copies and seeds say that each recruit had, what PROD has now, and where the course puts each column. */
export async function readValues(
  scene: Scene,
  states: readonly StepState[],
): Promise<{ known: KnownRows; now: NowRows; placement: Placement }> {
  const client = await scene.client('prod')
  const recruits = await readRecruits(client)
  const [columns] = [...recruits.values()].map((row) => Object.keys(row))
  const placement = followRenames(await coursePlacement(scene, states), await readRenames(client), columns ?? [])
  const own = { maker: scene.maker(), schema: scene.read('prisma/schema.prisma') ?? '' }
  const copied = await readKnownRows(client, scene.copies)
  const fromTheStart = await columnsFromTheStart(client)
  const known = await addMadeRows(copied, recruits, own, { states, placement, fromTheStart })
  return { known, now: await readNow(client, recruits, { known, placement }), placement }
}

/** Columns of recruits that the ledger saw while nobody was there: who came later, came with their values. */
async function columnsFromTheStart(client: pg.ClientBase): Promise<Set<string>> {
  const { rows: found } = await client.query("SELECT to_regclass('workshop.ledger_columns') IS NOT NULL AS there")
  if (!found[0].there) return new Set()
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT column_name AS name FROM workshop.ledger_columns
     WHERE table_name IN ('recruits', 'public.recruits') AND "rows" = 0`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** Where the course puts each column in the end. */
export async function coursePlacement(scene: Scene, states: readonly StepState[]): Promise<Placement> {
  return placementOf(await scene.onRows(migrationScripts(states.at(-1)!.files)))
}

/** Recruits who are there twice: two rows with one name on GitHub, or one person's id number. */
export async function findTwice(scene: Scene, env: Env): Promise<string | undefined> {
  const recruits = await readRecruits(await scene.client(env))
  const seen = new Map<string, string>()
  const twice: string[] = []
  for (const [id, row] of recruits) {
    const { github_name: name, id_number: number, surname } = row
    const keys = [...(name ? [`name ${name}`] : []), ...(number ? [`number ${number} ${surname}`] : [])]
    const other = keys.map((key) => seen.get(key)).find((one) => one !== undefined)
    if (other !== undefined) twice.push(`${name ?? number} (id ${other} and ${id})`)
    for (const key of keys) seen.set(key, seen.get(key) ?? id)
  }
  if (twice.length === 0) return undefined
  return `${twice.length} of ${recruits.size} are there twice: ${twice.slice(0, 3).join(', ')}${twice.length > 3 ? ' …' : ''}`
}

/** These recruits, and what other tables hold of those of whom a value is not in its row. */
export async function readNow(
  client: pg.ClientBase,
  recruits: NowRows['recruits'],
  { known, placement }: { known: KnownRows; placement: Placement },
): Promise<NowRows> {
  return { recruits, elsewhere: await readElsewhere(client, soughtElsewhere(known, recruits, placement)) }
}

/** The recruits of a database, by id. */
export async function readRecruits(client: pg.ClientBase): Promise<NowRows['recruits']> {
  return new Map((await textRows(client, 'public.recruits')).map((row) => [row['id'] ?? '', row]))
}

/** What other tables hold of these recruits. */
async function readElsewhere(client: pg.ClientBase, ids: readonly string[]): Promise<NowRows['elsewhere']> {
  const elsewhere: NowRows['elsewhere'] = new Map()
  if (ids.length === 0) return elsewhere
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname !~ '^(pg_|information_schema$|workshop$)' AND tablename <> '_prisma_migrations'
       AND NOT (schemaname = 'public' AND tablename = 'recruits') ORDER BY 1`,
  )
  const sought = new Set(ids)
  for (const { name } of tables) {
    for (const row of await textRows(client, name, ids)) {
      const values = Object.values(row).filter((value) => value !== null)
      // A row belongs to every recruit whose id it holds: which column that is in, each archive says for itself.
      for (const id of values.filter((value) => sought.has(value))) {
        const held = elsewhere.get(id) ?? new Map<string, string>()
        for (const value of values) if (!held.has(value)) held.set(value, name)
        elsewhere.set(id, held)
      }
    }
  }
  return elsewhere
}

/** Values as PostgreSQL writes them, the way a copy does; with `holding`, of the rows that hold one of these. */
async function textRows(client: pg.ClientBase, table: string, holding?: readonly string[]): Promise<Row[]> {
  const { rows: columns } = await client.query<{ name: string }>(
    'SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum',
    [table],
  )
  if (columns.length === 0) return []
  const texts = columns.map(({ name }) => {
    const column = pg.escapeIdentifier(name)
    return { column, text: `CASE WHEN ${column} IS NOT NULL THEN concat(${column}) END` }
  })
  const list = texts.map(({ column, text }) => `${text} AS ${column}`).join(', ')
  const where = holding ? `WHERE ARRAY[${texts.map(({ text }) => text).join(', ')}] && $1::text[]` : ''
  // Of very many, the first: those of the cohorts came before the portal's.
  const order = !holding && columns.some(({ name }) => name === 'id') ? `ORDER BY ${table}.id` : ''
  const sql = `SELECT ${list} FROM ${table} ${where} ${order} LIMIT 100000`
  return (await client.query<Row>(sql, holding ? [holding] : [])).rows
}
