import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { seededWorkshop } from '../../support/seeded-workshop.ts'
import { until } from '../../support/until.ts'
import type { Workshop } from '../../support/workshop.ts'

// The command, on a PROD with its guard. What a backfill does to rows is held in tests/kit/backfill.

let workshop: Workshop
beforeAll(async () => {
  workshop = await seededWorkshop(10)
})
let made = 0
beforeEach(async () => {
  workshop.layStep(10)
  // Nothing is ever dropped there.
  await workshop.sql(
    'prod',
    `ALTER TABLE IF EXISTS visits RENAME TO visits_${++made}; CREATE TABLE visits (id int PRIMARY KEY, page text, note text);
     INSERT INTO visits SELECT n, 'Page ' || n FROM generate_series(1, 6000) AS n`,
  )
})
afterAll(() => workshop?.remove())

/** Some rows take a moment, so that there is a middle. */
const slowly = "lower(page) || CASE WHEN id % 20 = 0 THEN left(pg_sleep(0.002)::text, 0) ELSE '' END"
const argv = [process.execPath, 'workshop/run.mjs', 'backfill', 'visits.note', slowly, '--env', 'prod']
const isInTheMiddle = async () => {
  const [there] = await workshop.sql('prod', "SELECT to_regclass('workshop.backfills') IS NOT NULL AS is")
  const working =
    "SELECT FROM workshop.backfills WHERE table_oid = 'visits'::regclass AND filled > 0 AND ended_at IS NULL"
  return there!['is'] && (await workshop.sql('prod', working)).length > 0
}
const isRight = async () =>
  expect(await workshop.sql('prod', 'SELECT id FROM visits WHERE note IS DISTINCT FROM lower(page)')).toEqual([])

test('it fills a column of PROD, counts in the end, and says what is next', async () => {
  const { code, output } = await workshop.run('backfill', 'visits.note', 'lower(page)', '--env', 'prod')
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output.split('\n').slice(1, 3)).toEqual([
    'PROD  visits.note = lower(page)',
    'PROD  visits.note  6,000 of 6,000 rows have no value. Ctrl-C stops it at a good place.',
  ])
  expect(output).toMatch(/PROD {2}visits\.note {2}[\d,]+ of 6,000 {2}[\d,]+ rows\/s/)
  expect(output).toMatch(
    /✓ visits\.note has a value in every row: 6,000 filled, in \d+\.\d s and \d+ batches\. Rows without one: 0\.\n/,
  )
  expect(output).toContain('\nnext  npm run release -- --env prod --name require_note    (when schema.prisma says')
  await isRight()
  const again = await workshop.door('backfill', 'visits.note', 'lower(page)', '--env', 'prod')
  expect(again).toMatchObject({
    code: 0,
    output: expect.stringContaining('✓ visits.note has a value in every row: nothing to fill in 6,000 rows.'),
  })
})

test('killed in the middle, it goes on where it was', async () => {
  await workshop.interrupt(argv, isInTheMiddle, 'SIGKILL')
  const { code, output } = await workshop.exec(argv)
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('It goes on where it was.') })
  await isRight()
})

test('Ctrl-C ends it with a batch, and says what to type', async () => {
  const { code, output } = await workshop.interrupt(argv, isInTheMiddle)
  expect({ code, output }).toMatchObject({ code: 130 })
  expect(output).toMatch(
    /! stopped at the end of a batch: [\d,]+ rows were filled, and stay\. Nothing is half done\.\n/,
  )
  expect(output).toContain('next  npm run backfill visits.note "lower(page) || CASE')
  expect(await workshop.exec(argv)).toMatchObject({ code: 0 })
  await isRight()
})

test('a server that is stopped in the middle', async () => {
  // At one row it waits for somebody who holds a lock, for as long as the server is there.
  const held = new pg.Client(workshop.url('prod'))
  held.on('error', () => {})
  await held.connect()
  await held.query('SELECT pg_advisory_lock(7)')
  const waiting = "lower(page) || CASE WHEN id = 5900 THEN left(pg_advisory_xact_lock(7)::text, 0) ELSE '' END"
  const words = ['backfill', 'visits.note', waiting, '--env', 'prod']
  const cut = workshop.run(...words)
  await until('it is in the middle', isInTheMiddle)
  await workshop.run('db', 'down')
  const { code, output } = await cut
  expect({ code, output }).toMatchObject({
    code: 1,
    output: expect.stringContaining('✗ PROD went away in the middle of a backfill.'),
  })
  await workshop.run('db', 'up')
  expect(await workshop.run(...words)).toMatchObject({ code: 0 })
  await isRight()
})

test('without words, it does what the comments of migrations ask for, where the column is there', async () => {
  workshop.write(
    'prisma/migrations/20270101000000_note/migration.sql',
    `-- backfill visits.note = lower(page)\n-- backfill visits.later = 'x'\nSELECT 1;\n`,
  )
  const only = await workshop.door('backfill', 'visits.note', '--env', 'prod', '--dry-run')
  expect(only).toMatchObject({ code: 0, output: expect.stringContaining('· 6,000 of 6,000 rows have no value.') })
  expect(only.output).toMatch(/· all of them: about \d+ batch(es)?, \d+\.\d s, working 50 % of the time\n/)
  expect(await workshop.sql('prod', 'SELECT count(note)::int AS n FROM visits')).toEqual([{ n: 0 }])
  expect(await workshop.door('backfill', '--env', 'prod', '--share', '100')).toMatchObject({ code: 0 })
  await isRight()
})

test('rows that are left are a failure, with what to type', async () => {
  const { code, output } = await workshop.door('backfill', 'visits.note', 'nullif(page, $$Page 7$$)', '--env', 'prod')
  expect({ code, output }).toMatchObject({ code: 1 })
  expect(output).toContain('✗ 1 row of visits.note still has no value.')
  expect(output).toContain('The expression gives NULL for it: id = 7. All the others are filled.')
  expect(output).toContain('--restart')
})

test.each([
  [[], '✗ Which column is to be filled, and with what?'],
  [['visits'], '"visits" is no column: it is written TABLE.COLUMN.'],
  [['visits.note'], '✗ With what is visits.note to be filled?'],
  [['visits.note', 'lower(page)', 'too', 'many'], 'There are words too many: too many.'],
  [['visits.note', 'lower(page)', '--share', '0'], '"0" is no share of the time'],
  [['visits.note', 'lower(page)', '--env', 'prot'], 'There is no environment "prot"'],
])('words that it does not take: %j', async (words, said) => {
  expect(await workshop.door('backfill', ...words)).toMatchObject({ code: 1, output: expect.stringContaining(said) })
})
