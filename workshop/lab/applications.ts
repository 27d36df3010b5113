/** Two versions of one application: the one before a change, and the one that was written for it. */
export type Version = 'old' | 'new'

/** What an application does: SQL with `:id` for a recruit, `:text` for a text that is new each time, `:number` for such a number. */
export interface Application {
  /** Reads a recruit, with whatever this version shows of one. */
  read: string
  /** Changes one. */
  update: string
  /** Adds one; returns its id. */
  insert: string
}

/** What both versions do beside that, on the tables around. */
export const around = {
  reviews: 'SELECT id, verdict, created_at FROM reviews WHERE reviewer_id = :id ORDER BY created_at DESC LIMIT 20',
  move: `INSERT INTO card_moves (card_id, "to") SELECT id, 'review' FROM cards WHERE assignee_id = :id LIMIT 1`,
} as const

export type Kind = keyof Application | keyof typeof around

/** How often of a hundred. */
export const mix: Record<Kind, number> = { read: 45, update: 25, insert: 10, reviews: 10, move: 10 }

/** The kind of operation number `n`: the same order in each run, well mixed. */
export function kindOf(n: number): Kind {
  let place = (n * 37) % 100
  for (const [kind, share] of Object.entries(mix) as [Kind, number][]) {
    if (place < share) return kind
    place -= share
  }
  return 'read'
}

interface Words {
  /** What a read shows beside the name. */
  shows: string
  /** `column = value` of an update. */
  sets: string
  /** Columns that an insert names beside the usual ones, and their values. */
  more?: [columns: string, values: string]
}

export function application({ shows, sets, more = ['chat_name', ':text'] }: Words): Application {
  return {
    read: `SELECT r.id, r.first_name, r.surname, ${shows}, c.name AS cohort FROM recruits r JOIN cohorts c ON c.id = r.cohort_id WHERE r.id = :id`,
    update: `UPDATE recruits SET ${sets} WHERE id = :id`,
    insert: `INSERT INTO recruits (first_name, surname, email, cohort_id, ${more[0]}) SELECT first_name, surname, :text || '@example.com', cohort_id, ${more[1]} FROM recruits WHERE id = :id RETURNING id`,
  }
}

/** The statement for PostgreSQL, and its values in order. */
export function statement(
  sql: string,
  given: { id: number; text: string; number: number },
): { text: string; values: unknown[] } {
  const names: (keyof typeof given)[] = []
  const text = sql.replaceAll(/(?<!:):(id|text|number)\b/g, (_, name: keyof typeof given) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return { text, values: names.map((name) => given[name]) }
}
