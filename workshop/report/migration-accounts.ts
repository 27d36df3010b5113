import { allowedIn } from '../../kit/hazards/allowed.ts'
import { hazardsOf } from '../../kit/hazards/hazards.ts'
import type { Hazard } from '../../kit/hazards/hazard.ts'
import type { MigrationText } from '../../kit/sql/migration-text.ts'
import type { HistoryRow } from '../../kit/catalog/migration-history.ts'
import type { Env } from '../../kit/database/target.ts'
import type { MigrationAccount } from './report-data.ts'
import { withoutPassword } from './hard-coded.ts'
import type { ProdPast } from './prod-past.ts'

interface Asked {
  migrations: readonly MigrationText[]
  histories: Record<Env, readonly HistoryRow[]>
  past: ProdPast
  commits: ReadonlyMap<string, { id: string; at: string }>
}

/** Each migration with its SQL, what is dangerous in it, and what became of it. `loadParser` comes first. */
export function accountMigrations({ migrations, histories, past, commits }: Asked): MigrationAccount[] {
  return migrations.map((one, i) => {
    const envs = (['dev', 'prod'] as const).filter((env) =>
      histories[env].some(({ name, failed }) => name === one.name && !failed),
    )
    const commit = commits.get(one.name)
    return {
      name: one.name,
      sql: withoutPassword(one.sql),
      hazards: hazardsOf([one], { landed: migrations.slice(0, i) }).map((hazard) => describe(hazard, one.sql)),
      appliedTo: envs.map((env) => env.toUpperCase()),
      deploy: deployOf(one.name, past),
      commit: commit ? `${commit.id}, ${commit.at}` : 'in no commit',
    }
  })
}

/** What the ledger says of the deploy that brought it. */
function deployOf(name: string, { history, ledger }: ProdPast): string {
  const entry = ledger.findLast(({ migrations, event }) => migrations.includes(name) && !event.startsWith('before'))
  const isThere = history.some((row) => row.name === name && !row.rolledBack && row.finished !== null)
  if (entry) {
    const values = entry.columns.reduce((sum, column) => sum + column.values, 0)
    const counted = entry.columns.length > 0 ? `, ${values} values afterwards` : ''
    return `${entry.event}, ${minute(entry.at)} (entry ${entry.entry} of the ledger${counted})`
  }
  return isThere ? 'PROD has it, and no deploy of the workshop noted it' : 'PROD does not have it'
}

function describe({ id, check, words, line, level, lock }: Hazard, sql: string): string {
  const reason = allowedIn(sql).find((one) => one.id === id)?.reason
  const weight = reason ? `allowed: ${reason}` : level === 'refuse' ? 'dangerous' : 'to know'
  return `${id}, line ${line}: ${words || check}${lock ? ` (lock ${lock})` : ''} – ${weight}`
}

function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
