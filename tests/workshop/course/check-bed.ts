import { rmSync } from 'node:fs'
import { layFiles } from '../../../workshop/course/read-steps.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import type { Env } from '../../../kit/database/target.ts'
import type { Ran } from '../../support/program.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

/** A workshop whose servers are not started yet, for a learner with migrations of their own. */
export let workshop: Workshop

export async function startCheckBed(): Promise<void> {
  workshop = await madeWorkshop()
}

export async function removeCheckBed(): Promise<void> {
  await workshop?.remove()
}

export const check = (...words: string[]) => workshop.door('check', ...words)
export const deploy = (env: Env) => applyMigrations(workshop.url(env), workshop.file('prisma/migrations'))

/** The lines with a mark, without their words: `✓ FILES`. */
export const marks = ({ output }: Ran) => [...output.matchAll(/^ {2}([✓✗] \w+)/gm)].map((match) => match[1])
export const titleOf = ({ output }: Ran) => /^Step (\S+)/m.exec(output)?.[1]
export const nextOf = ({ output }: Ran) => /^next {2}(.*)$/m.exec(output)?.[1]

/** A learner's databases after step 7: the tables of step 6, from one migration, and the recruits of the C25. */
export async function comeToStep7(): Promise<void> {
  workshop.layStep(7)
  writeMigrations(squashed)
  for (const env of ['dev', 'prod'] as const) {
    await deploy(env)
    await workshop.sql(
      env,
      `INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address)
       SELECT 'Thandi', 'Nkosi', 'thandi', 'thandi-c25-' || n, '9900' || n, n || '@example.com' FROM generate_series(1, 5) n`,
    )
  }
}

/** And after step 9, which came after a reset of DEV there: with a cohort, from three migrations. */
export async function comeToStep9(...envs: Env[]): Promise<void> {
  await comeToStep7()
  workshop.layStep(9)
  writeMigrations(split)
  for (const env of envs) await deploy(env)
}

/** The learner's own migrations take the place of those of the steps. */
export function writeMigrations(migrations: Record<string, string>): void {
  rmSync(workshop.file('prisma/migrations'), { recursive: true, force: true })
  for (const [name, sql] of Object.entries(migrations)) workshop.write(`prisma/migrations/${name}/migration.sql`, sql)
}
export const stepFile = (number: number, path: string) => String(layFiles(number).get(path))

export const squashed = {
  '20261201080000_everything': `CREATE TABLE recruits (id SERIAL PRIMARY KEY, first_name TEXT NOT NULL, surname TEXT NOT NULL,
    chatname TEXT NOT NULL, github_name TEXT NOT NULL, id_number TEXT NOT NULL, personal_email_address TEXT NOT NULL);
    CREATE UNIQUE INDEX recruits_personal_email_address_key ON recruits (personal_email_address);\n`,
}
export const split = {
  ...squashed,
  '20261202080000_cohort': 'ALTER TABLE recruits ADD COLUMN cohort TEXT;\n',
  '20261202090000_fill_cohort': "UPDATE recruits SET cohort = 'C25 Data Eng';\n",
  '20261202100000_cohort_not_null': 'ALTER TABLE recruits ALTER COLUMN cohort SET NOT NULL;\n',
}
