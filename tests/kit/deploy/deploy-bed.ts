import { expect } from '@jest/globals'
import { bringProdBack, keepProd, seededWorkshop } from '../../support/seeded-workshop.ts'
import { closeTerminals } from '../../support/terminal.ts'
import type { Ran } from '../../support/program.ts'
import type { Workshop } from '../../support/workshop.ts'

/** PROD stands at step 10, with the five recruits of the C26, at the start of each test, which adds a migration. */
export let workshop: Workshop

export async function startDeployBed(): Promise<void> {
  workshop = await seededWorkshop(10)
  await keepProd(workshop)
}

export async function beginAnew(): Promise<void> {
  workshop.layStep(10)
  await bringProdBack(workshop)
}

export async function removeDeployBed(): Promise<void> {
  closeTerminals()
  await workshop.remove()
}

/** What a learner types after npm run, or a test after door. */
export const deployWords = ['migrate', 'deploy', '--env', 'prod']
export const deployArgv = [process.execPath, 'workshop/run.mjs', ...deployWords]

/** As a learner does it, with Prisma's own words. */
export const deploy = (...flags: string[]): Promise<Ran> => workshop.run(...deployWords, ...flags)

/** Up to where Prisma would begin. */
export const deployInHere = (...flags: string[]): Promise<Ran> => workshop.door(...deployWords, ...flags)

export function migration(sql: string, name = '20270101000000_mine'): void {
  workshop.write(`prisma/migrations/${name}/migration.sql`, sql)
}
export const file = 'prisma/migrations/20270101000000_mine/migration.sql'

/** What stands in PROD: its tables, its rows, and what Prisma noted. */
export function prod() {
  return workshop.sql(
    'prod',
    `SELECT (SELECT jsonb_agg(to_jsonb(r) ORDER BY id) FROM recruits AS r) AS rows,
       (SELECT jsonb_agg(attname || ' ' || attnum || ' ' || atttypid ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'recruits'::regclass) AS columns,
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY id) FROM _prisma_migrations AS m) AS migrations`,
  )
}

export const ledger = () => workshop.sql<{ event: string }>('prod', 'SELECT event FROM workshop.ledger ORDER BY entry')

/** What the stages begin with, in order. */
export function stages(output: string): string[] {
  return [...output.matchAll(/^ {2}([✓!✗→]) (\w+)/gm)].map(([, mark, name]) => `${mark} ${name}`)
}

export function leftOnDev() {
  return workshop.sql('dev', "SELECT datname FROM pg_database WHERE datname ~ '^(workshop_reh|prisma_)'")
}

/** Deploys a migration that is refused, and sees that nothing was changed. Returns what was said. */
export async function refused(sql: string, deploying = deployInHere): Promise<string> {
  migration(sql)
  const before = await prod()
  const { code, output } = await deploying()
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('✗ Nothing was changed on PROD.') })
  expect(await prod()).toEqual(before)
  return output
}
