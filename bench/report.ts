/**
 * The report: the page at the end of the exercise, an export, the page from it, and the table of a class of thirty. Each
 * export of the class has migrations of its own, as learners have: nothing that was found out of one helps with the next.
 *
 *     npm run bench report [EXPORTS]
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdirSync } from 'node:fs'
import { packExport, unpackExport } from '../workshop/report/export-parts.ts'
import { sha256 } from '../workshop/report/fits.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { reportBed } from '../tests/workshop/report/report-bed.ts'

const learners = Number(process.argv[2] ?? 30)
const rounds = 5
const bed = await reportBed()
const { workshop } = bed
const file = (path: string) => workshop.file(path)

try {
  await bed.begin(18)
  // Compiles what is run, and finds out what is kept.
  await must(workshop.run('report'))
  await show('the page at the end of the exercise', ['report'], 'at most 5 s')
  await show('an export', ['report', '--export'])
  await show('the page from it', ['report', '--from', 'report/learner.zip'])
  mkdirSync(file('class'))
  const made = unpackExport(readFileSync(file('report/learner.zip')), 'learner.zip').parts
  for (let i = 1; i <= learners; i++)
    writeFileSync(file(`class/learner-${String(i).padStart(2, '0')}.zip`), packExport(asOf(i, made), `Learner ${i}`))
  const seconds = await measured(() => must(workshop.run('report', '--class', 'class')))
  console.log(`${`a class of ${learners}`.padEnd(40)} ${seconds.toFixed(1)} s   (at most 60 s)`)
} finally {
  await workshop.remove()
}

async function show(what: string, words: string[], limit?: string): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await measured(() => must(workshop.run(...words))))
  console.log(`${what.padEnd(40)} ${median(times).toFixed(1)} s${limit ? `   (${limit})` : ''}`)
}

/** The same work by somebody else: other texts of the migrations, which both databases ran, and other ids. */
function asOf(i: number, made: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const parts = new Map(made)
  const sums = new Map<string, string>()
  for (const [path, bytes] of made) {
    if (!/^files\/prisma\/migrations\/[^/]+\/migration\.sql$/.test(path)) continue
    const own = Buffer.from(`${Buffer.from(bytes).toString()}\n-- Learner ${i}\n`)
    sums.set(sha256(Buffer.from(bytes)), sha256(own))
    parts.set(path, own)
  }
  for (const env of ['dev', 'prod']) {
    const path = [...made.keys()].find((one) => one.startsWith(`${env}/`) && one.includes('_prisma_migrations'))!
    const was = Buffer.from(made.get(path)!)
    const lines = was.toString().replaceAll(/[0-9a-f]{64}/g, (sum) => sums.get(sum) ?? sum)
    const own = Buffer.from(lines.replaceAll(/^[0-9a-f-]{36}/gm, () => randomUUID()))
    parts.set(path, own)
    const list = Buffer.from(made.get(`${env}/snapshot.json`)!).toString()
    parts.set(`${env}/snapshot.json`, Buffer.from(list.replace(sha256(was), sha256(own))))
  }
  return parts
}
