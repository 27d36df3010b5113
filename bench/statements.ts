/**
 * A migration of 50,000 statements, run one by one as `migrate deploy` runs it, beside the driver that sends the same texts,
 * in turns in one run; and the same in a transaction of its own. Medians of three. At most twice the driver's time.
 *
 *     npm run bench statements
 */
import { runScript } from '../kit/engine/patient-script.ts'
import { openPool } from '../kit/engine/pool.ts'
import { measured, median } from '../tests/support/measure.ts'
import { scratchServer } from '../tests/support/server.ts'
import { keepFigures } from './shared/results.ts'

const rounds = Number(process.argv[2] ?? 3)
const statements = Array.from({ length: 50_000 }, (_, i) => `INSERT INTO a (id, name) VALUES (${i}, 'recruit ${i}')`)
const script = `${statements.join(';\n')};\n`

// It does not wait for the disk: that takes both the same time, and hides what is compared.
const server = await scratchServer()
const pool = await openPool(server.adminUrl)
const driver = async () => {
  const client = await pool.connect()
  for (const sql of statements) await client.query(sql)
  client.release()
}
const works = {
  'the driver alone': driver,
  'statement by statement': () => runScript(pool, script, {}),
  'in BEGIN … COMMIT': () => runScript(pool, `BEGIN;\n${script}COMMIT;`, {}),
}

try {
  await pool.query('CREATE TABLE a (id int, name text)')
  const times = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(works))
      times.set(name, [...(times.get(name) ?? []), await measured(work as () => Promise<unknown>)])
    const last = [...times].map(([name, seconds]) => `${name} ${seconds.at(-1)!.toFixed(1)} s`)
    console.log(`round ${round + 1}  ${last.join(' · ')}`)
  }
  const base = median(times.get('the driver alone')!)
  for (const [name, seconds] of times)
    console.log(
      `${name.padEnd(24)} ${median(seconds).toFixed(2)} s   ${(median(seconds) / base).toFixed(2)} of the driver’s time`,
    )
  await keepFigures('statements', { 'statements.driver': median(times.get('statement by statement')!) / base })
} finally {
  await pool.end()
  await server.stop()
}
