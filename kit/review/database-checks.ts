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
  finds(live: LiveDatabase): string[]
  level: Finding['level']
  why: string
  next(words: string, live: LiveDatabase): string[]
}

const notes = (kind: HistoryNote['kind']) => (live: LiveDatabase) =>
  live.history.filter((note) => note.kind === kind).map(({ words }) => words)

/** What is wrong with a database, before the next migration reaches it. */
export const databaseChecks: readonly DatabaseCheck[] = [
  {
    id: 'H15',
    name: 'a migration that was edited after it ran',
    level: 'refuse',
    finds: notes('edited'),
    why: '"migrate deploy" does not look; a new database gets what the new text makes.',
    next: (words) => [
      `git log --oneline -- prisma/migrations/${words.split(' ')[1]}    (give it back the text that ran)`,
      'A change goes into a new migration.',
    ],
  },
  {
    id: 'H16',
    name: 'a migration without a folder',
    level: 'refuse',
    finds: notes('unknown'),
    why: 'Another branch has reached this database; "migrate status" says "up to date" all the same.',
    next: (words) => [`git log --all --oneline -- prisma/migrations/${words.split(' ')[1]}    (which branch has it?)`],
  },
  {
    id: 'H17',
    name: 'a migration that neither finished nor was rolled back',
    level: 'refuse',
    finds: notes('failed'),
    why: 'Until it is said what became of it, Prisma refuses every deploy (P3009).',
    next: (words) => [
      `npx prisma migrate resolve --rolled-back ${words.split(' ')[1]}    (when nothing of it is there; of a part, undo it first)`,
      `npx prisma migrate resolve --applied ${words.split(' ')[1]}    (when all of it is there, or you have finished it by hand)`,
    ],
  },
  {
    id: 'H18',
    name: 'drift',
    level: 'refuse',
    finds: ({ drift }) => [...drift],
    why: 'Somebody changed it by hand: the next migration was not written for what is there.',
    next: (_, { name }) => [`npm run drift -- --env ${name.toLowerCase()}    (adopt it in a migration, or revert it)`],
  },
  {
    id: 'H22',
    name: 'leftovers',
    level: 'note',
    finds: ({ leftovers }) => leftovers.map(({ words }) => words),
    why: 'A migration has not come to its end.',
    next: (words, { leftovers }) => leftovers.filter((one) => one.words === words).map(({ sql }) => sql),
  },
]

export function databaseFindings(live: LiveDatabase, checks: readonly DatabaseCheck[] = databaseChecks): Finding[] {
  return checks.flatMap(({ id, level, why, next, finds }) =>
    finds(live).map((words): Finding => ({ id, level, file: live.name, words, why, next: next(words, live) })),
  )
}
