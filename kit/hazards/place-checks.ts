import type { HazardCheck } from './hazard.ts'
import type { Action } from '../sql/action.ts'

/**
 * What a statement asks of the place and the moment in which it runs, and what it sets there for those after it: on a copy
 * of PROD it may do something else. A DEFAULT is none of this: it says what new rows get.
 */
export function placeActions(statement: string): Action[] {
  const text = statement.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').trim()
  const asked = writes.test(text) ? [...text.matchAll(asks)].map(([name]) => name.toLowerCase()) : []
  const set = sets.exec(text)?.[0].replaceAll(/\s+/g, ' ')
  return [...new Set(asked), ...(set ? [set] : [])].map((what) => ({ do: 'look at the place', what }))
}

const writes = /^(update|insert|delete|merge|do|with|select|call|alter\s+table[\s\S]*\busing\b)/i
const asks =
  /\b(current_(database|catalog|user|role|schema|schemas|setting|query)|session_user|system_user|inet_(server|client)_(addr|port)|pg_is_in_recovery|pg_backend_pid|version|(txid_|pg_)current_\w+|now|(clock|statement|transaction)_timestamp|current_(date|time|timestamp)|localtime(stamp)?|random|setseed|gen_random_\w+|uuidv[47]|pg_stat_\w+|pg_database|pg_roles)\b/gi
const sets =
  /^(set\s+(session\s+|local\s+)?(time\s*zone|timezone|search_path|role|session\s+authorization|datestyle|intervalstyle|session_replication_role)\b|alter\s+(role|user|database)\s+\S+\s+(in\s+database\s+\S+\s+)?(re)?set\s+\w+)/i

/** What may differ between PROD and the copy on which it was tried out. */
export const placeChecks: readonly HazardCheck[] = [
  {
    id: 'H24',
    name: 'SQL that may do something else on PROD than on a copy',
    kind: 'note',
    finds: (action) =>
      action.do === 'look at the place' ? `depends on where and when it runs: ${action.what}` : undefined,
    why: 'What the rehearsal has shown says little about it: another database, role, moment, zone or setting is another result.',
    accepted: 'Write the value itself. After the deploy, look at what the ledger has counted.',
  },
]
