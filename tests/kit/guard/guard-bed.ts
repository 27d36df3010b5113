import pg from 'pg'
import { installGuard } from '../../../kit/guard/guard.ts'
import { writeLedger } from '../../../kit/keep/ledger.ts'
import { after, before, type GuardCase } from './guard-corpus.ts'
import { readValues, type Row } from '../../support/guard-values.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

/** How a script reaches the server. `rolled back` runs it in a transaction that is given up. */
export type Way = 'one query' | 'extended protocol' | 'transaction' | 'rolled back'

export interface Ending {
  /** The SQLSTATE that it ended with, or 'passes'. */
  ends: string
  message: string
  hint: string
}

export interface Outcome extends Ending {
  way: Way
  before: Row[]
  after: Row[]
}

/** A copy of the guarded base. */
export interface Copy {
  admin: pg.Client
  prod: pg.Client
  /** As one query, or in each of these ways, one after the other. */
  run(sql: string, ...ways: Way[]): Promise<Outcome[]>
  remove(): Promise<void>
}

export interface GuardBed {
  server: ScratchServer
  /** A guarded PROD with the corpus’s tables, or an `empty` one. The setup counts as an earlier deploy. */
  copy(setup?: string, base?: 'guarded' | 'empty'): Promise<Copy>
  /** What the case does where no guard is. */
  withoutGuard(one: GuardCase): Promise<Outcome>
  stop(): Promise<void>
}

/** A server with a guarded PROD, its twin without a guard, and `empty`, which is guarded and holds nothing. */
export async function guardBed(): Promise<GuardBed> {
  const server = await scratchServer()
  try {
    return await bedOn(server)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function bedOn(server: ScratchServer): Promise<GuardBed> {
  const root = await connect(server.adminUrl)
  await root.query("CREATE ROLE prod LOGIN PASSWORD 'prod'")
  for (const name of ['guarded', 'unguarded', 'empty'] as const) await makeBase(root, server, name)

  const copies = copier(root, server)
  // The next copy is made while a case still works in the last one.
  let next = copies.make('guarded')
  const takeNext = () => {
    const taken = next
    next = copies.make('guarded')
    return taken
  }
  const twin = await copies.make('unguarded')
  return {
    server,
    async copy(setup, base = 'guarded') {
      const copy = await (base === 'guarded' ? takeNext() : copies.make(base))
      if (!setup) return copy
      await copy.prod.query(setup)
      await writeLedger(copy.prod, { event: 'deploy' })
      return copy
    },
    async withoutGuard({ setup, sql }) {
      if (!controlsTransactions(sql)) return tryAsProd(twin.admin, setup, sql)
      const own = await copies.make('unguarded')
      if (setup) await own.prod.query(setup)
      const [outcome] = await own.run(sql)
      await own.remove()
      return outcome!
    },
    async stop() {
      await (await next).remove()
      await twin.remove()
      await copies.settle()
      await root.end()
      await server.stop()
    },
  }
}

/** Makes copies of a base, and removes them without letting anybody wait. */
function copier(root: pg.Client, server: ScratchServer) {
  let number = 0
  const removals: Promise<unknown>[] = []
  return {
    async make(base: string): Promise<Copy> {
      const name = `copy_${++number}`
      await makeDatabase(root, name, base)
      const [admin, prod] = await Promise.all([connect(server.url(name)), connect(server.url(name, 'prod', 'prod'))])
      return {
        admin,
        prod,
        run: (sql, ...ways) => runAndLook(admin, prod, sql, ways.length > 0 ? ways : ['one query']),
        async remove() {
          await Promise.all([prod.end(), admin.end()])
          removals.push(root.query(`DROP DATABASE ${name} WITH (FORCE)`).catch((error) => error))
        },
      }
    },
    async settle() {
      const failed = (await Promise.all(removals)).find((result) => result instanceof Error)
      if (failed) throw failed
    },
  }
}

/** Whether it begins or ends transactions itself, so that it cannot run in another one. */
export function controlsTransactions(sql: string): boolean {
  return /\bBEGIN( ISOLATION|;)|\bCOMMIT;|\bCALL\b/.test(sql)
}

async function makeDatabase(root: pg.Client, name: string, template = 'template1'): Promise<void> {
  await root.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
  await root.query(`GRANT CREATE, TEMPORARY ON DATABASE ${name} TO prod`)
}

/** One half of the tables is there before the guard, the other half comes under it; and then there was a deploy. */
async function makeBase(
  root: pg.Client,
  server: ScratchServer,
  name: 'guarded' | 'unguarded' | 'empty',
): Promise<void> {
  await makeDatabase(root, name)
  const admin = await connect(server.url(name))
  const prod = await connect(server.url(name, 'prod', 'prod'))
  await admin.query('ALTER SCHEMA public OWNER TO prod')
  if (name !== 'empty') await prod.query(before)
  if (name !== 'unguarded') await installGuard(admin)
  if (name !== 'empty') await prod.query(after)
  if (name !== 'unguarded') await writeLedger(prod, { event: 'deploy' })
  await Promise.all([prod.end(), admin.end()])
}

/** What DISCARD ALL does, but that it keeps the guard's plans: the guard spends most of its time on making them. */
const asBefore = `ROLLBACK; CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL; DEALLOCATE ALL; UNLISTEN *;
  SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES`

/** Sends a script, and leaves the session as it was. */
export async function send(prod: pg.Client, sql: string, way: Way = 'one query'): Promise<Ending> {
  let failure: pg.DatabaseError | undefined
  try {
    if (way === 'transaction' || way === 'rolled back') await prod.query('BEGIN')
    await prod.query(way === 'extended protocol' ? ({ text: sql, queryMode: 'extended' } as pg.QueryConfig) : sql)
    if (way === 'transaction') await prod.query('COMMIT')
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    failure = error
  }
  await prod.query(asBefore)
  return { ends: failure?.code ?? 'passes', message: failure?.message ?? '', hint: failure?.hint ?? '' }
}

async function runAndLook(admin: pg.Client, prod: pg.Client, sql: string, ways: readonly Way[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let rows = await readValues(admin)
  for (const way of ways) {
    const outcome = { way, ...(await send(prod, sql, way)), before: rows, after: await readValues(admin) }
    outcomes.push(outcome)
    rows = outcome.after
  }
  return outcomes
}

/** Runs it as PROD's role in a transaction that is given up, and looks in the middle of it. */
async function tryAsProd(admin: pg.Client, setup: string | undefined, sql: string): Promise<Outcome> {
  const asProd = async (text: string) => {
    await admin.query('SET SESSION AUTHORIZATION prod')
    await admin.query(text)
    // What the script put in front of PostgreSQL's own names must not be in the way of looking.
    await admin.query('RESET SESSION AUTHORIZATION')
    await admin.query('SET search_path = pg_catalog')
  }
  await admin.query('BEGIN')
  try {
    if (setup) await asProd(setup)
    const rows = await readValues(admin)
    await admin.query('RESET search_path')
    await asProd(sql)
    return { way: 'rolled back', ends: 'passes', message: '', hint: '', before: rows, after: await readValues(admin) }
  } finally {
    await admin.query(asBefore)
  }
}

async function connect(url: string): Promise<pg.Client> {
  // What is planned for one case is worth nothing in the next: a plan is made once, and quickly.
  const options = '-c timezone=UTC -c jit=off -c plan_cache_mode=force_generic_plan'
  const client = new pg.Client({ connectionString: url, options })
  client.on('error', () => {})
  await client.connect()
  return client
}
