/**
 * A column of a large table of PROD, filled by a backfill and by one UPDATE of all rows, in turns, each on a table of its own,
 * while an application changes fifty of its rows a second: rows a second, the longest batch, and how long the application
 * waits for an answer at most. The guard is in that PROD, as in every one.
 *
 *     npm run bench backfill -- --rows 1000000 --rounds 3
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { backfill } from '../kit/backfill/backfill.ts'
import { grouped } from '../kit/terminal/numbers.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { keepFigures } from './shared/results.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
})
const [rows, rounds] = [Number(values.rows), Number(values.rounds)]

const ways = { 'one UPDATE': update, 'backfill, all the time': fill(100), 'backfill, half of the time': fill(50) }
type Way = keyof typeof ways

/** What one way of filling took, and what it did to the application, in milliseconds. */
interface Filled {
  seconds: number
  waited: number
  batch: number
}

const workshop = scratchWorkshop()
const all = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as Filled[]])) as Record<Way, Filled[]>
try {
  await must(workshop.run('start'))
  // The first one makes the table in which places are noted.
  await makeTable('visits', 10)
  await must(workshop.run('backfill', 'visits.note', 'lower(page)', '--env', 'prod'))
  await dropTable('visits')
  for (let round = 1; round <= rounds; round++) {
    for (const way of Object.keys(ways) as Way[]) all[way].push(await once(way, `visits_${round}`))
  }
} finally {
  await workshop.remove()
}

const middle = (way: Way, of: (one: Filled) => number) => median(all[way].map(of))
const worst = (way: Way, of: (one: Filled) => number) => Math.max(...all[way].map(of))
const seconds = (way: Way) => middle(way, (one) => one.seconds)
console.log(`\n${grouped(rows)} rows, medians and worst of ${rounds}`)
for (const way of Object.keys(ways) as Way[]) {
  const pace = `${grouped(Math.round(rows / seconds(way)))} rows/s in ${seconds(way).toFixed(1)} s`
  const [batch, waited] = [worst(way, (one) => one.batch), worst(way, (one) => one.waited)].map(Math.round)
  console.log(`${way.padEnd(27)} ${pace.padEnd(28)} longest transaction ${batch} ms, an answer after ${waited} ms`)
}
await keepFigures('backfill', {
  'backfill.beside': seconds('backfill, all the time') / seconds('one UPDATE'),
  'backfill.batch': worst('backfill, half of the time', (one) => one.batch),
  'backfill.wait': worst('backfill, half of the time', (one) => one.waited),
})

async function once(way: Way, table: string): Promise<Filled> {
  await makeTable(table, rows)
  const application = startApplication(table)
  let batch = 0
  const time = await measured(async () => {
    batch = await ways[way](table)
  })
  const waited = await application.stop()
  const [left] = await workshop.sql<{ n: number }>(
    'prod',
    `SELECT count(*)::int AS n FROM ${table} WHERE note IS DISTINCT FROM lower(page)`,
  )
  if (left!.n > 0) throw new Error(`${way} left ${left!.n} rows wrong`)
  await dropTable(table)
  console.log(
    `${way.padEnd(27)} ${time.toFixed(1)} s, longest ${Math.round(batch)} ms, waited ${Math.round(waited)} ms`,
  )
  return { seconds: time, waited, batch }
}

/** Returns how long it held its rows, in milliseconds: to its end. */
async function update(table: string): Promise<number> {
  const sql = `UPDATE ${table} SET note = lower(page) WHERE note IS NULL`
  return 1000 * (await measured(() => withSession((client) => client.query(sql))))
}

/** A backfill that works so many percent of the time. Returns its longest batch, in milliseconds. */
function fill(share: number): (table: string) => Promise<number> {
  return async (table) => {
    let longest = 0
    const target = { env: 'prod' as const, url: workshop.url('prod'), files: [] }
    const plan = { table, column: 'note', expression: 'lower(page)', share }
    const onProgress = ({ batch }: { batch: { ms: number } }) => void (longest = Math.max(longest, batch.ms))
    await backfill(target, plan, { connect, onProgress, free: async () => undefined })
    return longest
  }
}

/** Changes a row each 20 ms, whether the ones before have been answered or not; tells the longest time to an answer. */
function startApplication(table: string): { stop(): Promise<number> } {
  const pool = new pg.Pool({ connectionString: workshop.url('prod'), max: 16 })
  const [begun, stopping] = [performance.now(), new AbortController()]
  let longest = 0
  const open = new Set<Promise<void>>()
  const send = async (n: number, due: number) => {
    await pool.query(`UPDATE ${table} SET seen = seen + 1 WHERE id = $1`, [1 + ((n * 7919) % rows)])
    longest = Math.max(longest, performance.now() - due)
  }
  const sending = (async () => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      const due = begun + n * 20
      await sleep(Math.max(0, due - performance.now()))
      const one = send(n, due).finally(() => open.delete(one))
      open.add(one)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await sending
      await Promise.all(open)
      await pool.end()
      return longest
    },
  }
}

/** With a key and an index beside it: a row that finds no room on its page is written into both. */
async function makeTable(table: string, count: number): Promise<void> {
  await workshop.sql(
    'prod',
    `CREATE TABLE ${table} (id int PRIMARY KEY, page text NOT NULL, note text, seen int NOT NULL DEFAULT 0);
     INSERT INTO ${table} SELECT n, 'Page ' || n FROM generate_series(1, ${count}) AS n;
     CREATE INDEX ON ${table} (page);`,
  )
  await workshop.asAdmin(`VACUUM (ANALYZE) ${table}`)
}

/** The guard keeps the values of a table, also from the superuser; here it is told to look away. */
async function dropTable(table: string): Promise<void> {
  await workshop.asAdmin(`SET event_triggers = off; DROP TABLE ${table}`)
}

async function withSession(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = await connect()
  await work(client).finally(() => client.end())
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(workshop.url('prod'))
  client.on('error', () => {})
  await client.connect()
  return client
}
