import type { Finding } from '../hazards/finding.ts'
import type { HistoryNote } from '../drift/drift-report.ts'

/** What a live database shows. */
export interface LiveDatabase {
  /** As in `PROD`. */
  name: string
  history: readonly HistoryNote[]
  /** What it has otherwise than its applied migrations make, in sentences without their end. */
  drift: readonly string[]
  /** What an unfinished migration has left, with the statement that finishes or removes it. */
  leftovers: readonly { words: string; sql: string }[]
}

export interface DatabaseCheck {
  id: 'H15' | 'H16' | 'H17' | 'H18' | 'H22'
  name: string
  /** A sentence for each, and what to do about it. */
  finds(live: LiveDatabase): { words: string; next: string[] }[]
  level: Finding['level']
  why: string
}

/** What is noted of migrations, with what to do about each by its name. */
const notes = (kind: HistoryNote['kind'], next: (migration: string) => string[]) => (live: LiveDatabase) =>
  live.history.filter((note) => note.kind === kind).map(({ words, migration }) => ({ words, next: next(migration) }))

/** What is wrong with a database, before the next migration reaches it. */
export const databaseChecks: readonly DatabaseCheck[] = [
  {
    id: 'H15',
    name: 'a migration that was edited after it ran',
    level: 'refuse',
    finds: notes('edited', (migration) => [
      `git log --oneline -- prisma/migrations/${migration}    (give it back the text that ran)`,
      'A change goes into a new migration.',
    ]),
    why: '"migrate deploy" does not look; a new database gets what the new text makes.',
  },
  {
    id: 'H16',
    name: 'a migration without a folder',
    level: 'refuse',
    finds: notes('unknown', (migration) => [
      `git log --all --oneline -- prisma/migrations/${migration}    (which branch has it?)`,
    ]),
    why: 'Another branch has reached this database; "migrate status" says "up to date" all the same.',
  },
  {
    id: 'H17',
    name: 'a migration that neither finished nor was rolled back',
    level: 'refuse',
    finds: notes('failed', (migration) => [
      `npx prisma migrate resolve --rolled-back ${migration}    (when nothing of it is there; of a part, undo it first)`,
      `npx prisma migrate resolve --applied ${migration}    (when all of it is there, or you have finished it by hand)`,
    ]),
    why: 'Until it is said what became of it, Prisma refuses every deploy (P3009).',
  },
  {
    id: 'H18',
    name: 'drift',
    level: 'refuse',
    finds: ({ drift, name }) => {
      const next = `npm run drift -- --env ${name.toLowerCase()}    (adopt it in a migration, or revert it)`
      return drift.map((words) => ({ words, next: [next] }))
    },
    why: 'Somebody changed it by hand: the next migration was not written for what is there.',
  },
  {
    id: 'H22',
    name: 'leftovers',
    level: 'note',
    finds: ({ leftovers }) => leftovers.map(({ words, sql }) => ({ words, next: [sql] })),
    why: 'A migration has not come to its end.',
  },
]

export function databaseFindings(live: LiveDatabase, checks: readonly DatabaseCheck[] = databaseChecks): Finding[] {
  return checks.flatMap(({ id, level, why, finds }) =>
    finds(live).map(({ words, next }): Finding => ({ id, level, file: live.name, words, why, next })),
  )
}
