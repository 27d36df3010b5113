import { readFileSync } from 'node:fs'
import type { DriftReport, LayerName, LayerProblem, Link } from '../../../kit/drift/drift-report.ts'
import type { TableRow } from '../../../kit/drift/drift-table.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { envs, type Env } from '../../../kit/database/target.ts'
import { keptWorkshop } from '../../support/kept-workshop.ts'
import { must } from '../../support/measure.ts'
import type { Ran } from '../../support/program.ts'
import type { Workshop } from '../../support/workshop.ts'

/** A workshop whose files, client and databases stand at step 10, with five recruits. */
export interface DriftBed extends Workshop {
  /** Files, client and addresses as they were. */
  reset(): void
  /** The files of a step, with the client of step 10. */
  lay(step: number): void
  /** What `npm run drift` finds. */
  report(...flags: string[]): Promise<Report>
  /** Types SQL by hand, and takes it back at the end. */
  byHand(env: Env, sql: string, back: string, work: () => Promise<void>): Promise<void>
  migration(name: string, sql: string): void
}

export interface Report extends Pick<DriftReport, 'links' | 'state'> {
  layers: { name: LayerName; problem: LayerProblem | null }[]
  columns: TableRow[]
  code: number
  link(to: LayerName): Link
}

export const words = ({ history, differences, obstacles }: Link) =>
  [...history, ...differences, ...obstacles].map((one) => one.words)

export async function driftBed(): Promise<DriftBed> {
  const workshop = await keptWorkshop('drift', bringToStep10)
  const client = readFileSync(workshop.file('prisma/generated/internal/class.ts'), 'utf8')
  const addresses = envs.map((env) => readFileSync(workshop.file(`.env.${env}.local`), 'utf8'))
  const lay = (step: number) => {
    workshop.layStep(step)
    workshop.write('prisma/generated/internal/class.ts', client)
  }
  return {
    ...workshop,
    lay,
    reset() {
      lay(10)
      envs.forEach((env, i) => workshop.write(`.env.${env}.local`, addresses[i]!))
    },
    report: async (...flags) => asReport(await workshop.door('drift', '--json', '--exit-code', ...flags)),
    async byHand(env, sql, back, work) {
      await workshop.sql(env, sql)
      await work().finally(() => workshop.sql(env, back))
    },
    migration: (name, sql) => workshop.write(`prisma/migrations/${name}/migration.sql`, sql),
  }
}

/** Of what `npm run drift -- --json --exit-code` has written. */
export function asReport({ code, output }: Ran): Report {
  const report = JSON.parse(output) as Omit<Report, 'code' | 'link'>
  return { ...report, code, link: (to) => report.links.find((link) => link.to === to)! }
}

async function bringToStep10(workshop: Workshop): Promise<void> {
  workshop.layStep(10)
  await must(workshop.run('start'))
  await applyMigrations(workshop.url('dev'), workshop.file('prisma/migrations'))
  await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
  for (const env of envs) {
    await workshop.sql(
      env,
      `INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address, cohort)
       SELECT 'First ' || n, 'Last ' || n, 'chat' || n, 'git' || n, '99' || n, n || '@example.com', 'C25 Data Eng'
       FROM generate_series(1, 5) AS n`,
    )
  }
}
