/**
 * `npm run drift` over all five layers beside one `npx prisma migrate diff`, in turns in one run, with 5, 50 and 500
 * tables; cold is the first look, at which the migrations are replayed. Medians.
 *
 *     npm run bench drift
 */
import { rmSync } from 'node:fs'
import { scratchWorkshop } from '../tests/support/workshop.ts'
import { measured, median, must } from '../tests/support/measure.ts'

const rounds = Number(process.argv[2] ?? 5)
const sizes = [5, 50, 500]
const workshop = scratchWorkshop()

try {
  await must(workshop.run('db', 'up'))
  for (const size of sizes) {
    await grow(size)
    const times = { cold: [] as number[], warm: [] as number[], prisma: [] as number[] }
    for (let round = 1; round <= rounds; round++) {
      rmSync(workshop.file('.workshop/catalogs'), { recursive: true, force: true })
      times.cold.push(await measured(() => must(workshop.npm('run', 'drift'))))
      times.warm.push(await measured(() => must(workshop.npm('run', 'drift'))))
      const words = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-config-datasource']
      times.prisma.push(await measured(() => must(workshop.npm('exec', '--', 'prisma', ...words))))
    }
    const [cold, warm, prisma] = [times.cold, times.warm, times.prisma].map(median) as [number, number, number]
    console.log(
      `${String(size).padStart(3)} tables   drift ${cold.toFixed(2)} s cold, ${warm.toFixed(2)} s warm · migrate diff ${prisma.toFixed(2)} s` +
        `   drift takes ${(cold / prisma).toFixed(2)} (cold), ${(warm / prisma).toFixed(2)} (warm) of it`,
    )
  }
} finally {
  await workshop.remove()
}

/** Lays models and migrations for so many tables, and deploys them to both databases. */
async function grow(to: number): Promise<void> {
  workshop.layStep(0)
  const blank = [
    'generator client {',
    '  provider = "prisma-client"',
    '  output   = "./generated"',
    '}',
    '',
    'datasource db {',
    '  provider = "postgresql"',
    '}',
    '',
  ]
  const models = Array.from(
    { length: to },
    (_, n) => `model t${n} {\n  id   Int    @id @default(autoincrement())\n  name String\n  size Int?\n}\n`,
  )
  workshop.write('prisma/schema.prisma', [...blank, ...models].join('\n'))
  for (const [number, [a, b]] of bounds(to).entries()) {
    const tables = Array.from({ length: b - a }, (_, n) => table(a + n))
    workshop.write(`prisma/migrations/2025010100000${number}_tables_${b}/migration.sql`, tables.join('\n'))
  }
  workshop.write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  for (const env of ['dev', 'prod']) await must(workshop.run('migrate', 'deploy', '--env', env))
  // Makes the client.
  await must(workshop.run('start'))
}

/** The sizes up to `to`, each with the one before. */
function bounds(to: number): [number, number][] {
  return sizes.filter((size) => size <= to).map((size, i) => [sizes[i - 1] ?? 0, size])
}

function table(n: number): string {
  return `CREATE TABLE "t${n}" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, "size" INTEGER, CONSTRAINT "t${n}_pkey" PRIMARY KEY ("id"));`
}
