/**
 * What 26 linked tables cost that one table does not, in turns in one run: `npm run drift` over the portal's models beside one
 * table, known migrations, medians; and one entry of PROD's ledger over all rows of a filled portal beside
 * `SELECT count(*), md5(string_agg(…))` over the same tables, with the memory of the server's process.
 *
 *     npm run bench portal -- --scale 1 --rounds 5
 */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { installLedger } from '../kit/guard/guard.ts'
import { portalFolder } from '../workshop/lab/portal.ts'
import { portalRows } from '../workshop/lab/portal-rows.ts'
import { openPortal } from '../workshop/lab/run-lab.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { keepFigures } from './shared/results.ts'

const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
})
const [scale, rounds] = [Number(values.scale), Number(values.rounds)]

const drift = await driftOver()
const ledger = await ledgerOver()
await keepFigures('portal', { 'portal.drift': drift, 'portal.ledger': ledger })

/** Two workshops, one with each, looked at in turns; the first look of each replays the migrations and does not count. */
async function driftOver(): Promise<number> {
  const [large, small] = [scratchWorkshop(), scratchWorkshop()]
  try {
    rmSync(large.file('prisma'), { recursive: true, force: true })
    cpSync(portalFolder, large.file('prisma'), { recursive: true })
    small.layStep(1)
    const times = { large: [] as number[], small: [] as number[] }
    const look = (name: 'large' | 'small') => must((name === 'large' ? large : small).npm('run', 'drift'))
    for (const workshop of [large, small]) {
      await must(workshop.run('start'))
      for (const env of ['dev', 'prod']) await must(workshop.run('migrate', 'deploy', '--env', env))
    }
    for (let round = 0; round <= rounds; round++) {
      for (const name of ['large', 'small'] as const) {
        const seconds = await measured(() => look(name))
        if (round > 0) times[name].push(seconds)
      }
    }
    const [of26, of1] = [median(times.large), median(times.small)]
    console.log(`drift, warm: 26 tables ${of26.toFixed(2)} s, one table ${of1.toFixed(2)} s`)
    return of26 / of1
  } finally {
    await large.remove()
    await small.remove()
  }
}

/** Each way reads every row once. */
async function ledgerOver(): Promise<number> {
  const times = { md5: [] as number[], ledger: [] as number[] }
  let memory = 0
  await openPortal({ scale, connections: 2 }, { onRows() {}, say() {} }, async (url) => {
    const client = new pg.Client(url)
    await client.connect()
    await installLedger(client)
    const sums = portalRows(scale).map(
      ({ table }) => `SELECT count(*), md5(string_agg(t::text, ',')) FROM "${table}" AS t`,
    )
    const byHand = async () => {
      for (const sql of sums) await client.query(sql)
    }
    const byLedger = async () => {
      memory = Math.max(memory, await peakWhile(client, "SELECT workshop.write_ledger('deploy', '{}', NULL)"))
    }
    for (let round = 0; round < rounds; round++) {
      times.md5.push(await measured(byHand))
      times.ledger.push(await measured(byLedger))
    }
    await client.end()
  })
  const [md5, ledgerTime] = [median(times.md5), median(times.ledger)]
  const peak = memory > 0 ? `${(memory / 1024).toFixed(1)} MB of memory` : 'memory not known on this system'
  console.log(
    `an entry of the ledger ${ledgerTime.toFixed(2)} s, at most ${peak}; md5(string_agg(…)) ${md5.toFixed(2)} s`,
  )
  return ledgerTime / md5
}

/** Kilobytes that the server's process has for itself at most while it works, on Linux; 0 elsewhere. */
async function peakWhile(client: pg.Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const status = `/proc/${rows[0]!.pid}/status`
  let peak = 0
  const look = () => (peak = Math.max(peak, Number(/RssAnon:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0)))
  const timer = existsSync(status) ? setInterval(look, 5) : undefined
  await client.query(sql)
  clearInterval(timer)
  return peak
}
