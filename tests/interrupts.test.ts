import { afterAll, beforeAll, expect } from '@jest/globals'
import { signalTest } from './support/conditions.ts'
import { scratchWorkshop, type Workshop } from './support/workshop.ts'

const node = process.execPath
const run = (...args: string[]) => [node, 'workshop/run.mjs', ...args]

let workshop: Workshop
beforeAll(() => {
  workshop = scratchWorkshop()
})
afterAll(() => workshop.remove())

const shadowDatabases = () =>
  workshop.sql('dev', "SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate%'")

for (const sign of [/Bringing up/, /making a PostgreSQL/, /making the database/, /Generating/]) {
  signalTest(`Ctrl-C in npm start after "${sign.source}" leaves nothing in the way of the next one`, async () => {
    await workshop.interrupt(run('start'), sign)
    expect(await workshop.run('start')).toMatchObject({ code: 0 })
    if (sign.source === 'Generating') return
    await workshop.remove()
    workshop = scratchWorkshop()
  })
}

signalTest('Ctrl-C in db reset: the next reset finishes', async () => {
  await workshop.interrupt(run('db', 'reset'), /dropping the database/)
  expect(await workshop.run('db', 'reset')).toMatchObject({ code: 0 })
  expect((await workshop.run('migrate', 'status')).output).toContain('up to date')
})

signalTest('Ctrl-C in a deploy to PROD leaves PROD as it was, and Prisma’s own way forward works', async () => {
  const name = '20250601000000_slow'
  expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
  expect(await workshop.run('seed', 'c26', '--env', 'prod')).toMatchObject({ code: 0 })
  workshop.write(
    `prisma/migrations/${name}/migration.sql`,
    'ALTER TABLE recruits ADD COLUMN half TEXT;\nSELECT pg_sleep(60);\n',
  )
  const { code } = await workshop.interrupt(run('migrate', 'deploy', '--env', 'prod'), /Applying migration/)
  expect(code).not.toBe(0)

  const columns = "SELECT FROM information_schema.columns WHERE table_name = 'recruits' AND column_name = 'half'"
  expect(await workshop.sql('prod', columns)).toHaveLength(0)
  expect(await workshop.sql('prod', 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 5 }])
  expect((await workshop.run('migrate', 'deploy', '--env', 'prod')).output).toContain('P3009')
  expect(await workshop.run('migrate', 'resolve', '--rolled-back', name, '--env', 'prod')).toMatchObject({ code: 0 })
  workshop.write(`prisma/migrations/${name}/migration.sql`, 'ALTER TABLE recruits ADD COLUMN half TEXT;\n')
  expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
})

signalTest('Ctrl-C in migrate diff leaves no shadow database', async () => {
  workshop.write('prisma/migrations/20250602000000_slow/migration.sql', 'SELECT pg_sleep(2);\n')
  const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-config-datasource']
  const { code } = await workshop.interrupt(run(...diff), async () => (await shadowDatabases()).length === 1)
  expect(code).not.toBe(0)
  // The engine may end a moment after the command line that started it.
  const deadline = Date.now() + 10_000
  while ((await shadowDatabases()).length > 0 && Date.now() < deadline) await new Promise((r) => setTimeout(r, 100))
  expect(await shadowDatabases()).toHaveLength(0)
  expect(await workshop.run('db', 'reset')).toMatchObject({ code: 0 })
})

signalTest('Ctrl-C in a long seed keeps whole batches, and the same command adds the rest', async () => {
  const seed = ['seed', 'c27', '--count', '60000', '--env', 'prod']
  const { code } = await workshop.interrupt(run(...seed), /\d+ (rows|recruits)\/s|%/)
  expect(code).toBe(130)
  const count = () =>
    workshop.sql<{ n: number }>('prod', "SELECT count(*)::int AS n FROM recruits WHERE cohort LIKE 'C27%'")
  const [before] = await count()
  expect(before!.n).toBeLessThan(60_000)
  expect(await workshop.run(...seed)).toMatchObject({ code: 0 })
  expect(await count()).toEqual([{ n: 60_000 }])
})
