export interface DriftCase {
  /** What somebody did by hand. */
  kind: string
  sql: string
  /** Each of these stands in what is reported. */
  found: string[]
  /** What `prisma migrate diff` says of it: a difference, or nothing. `migrate status` says nothing in all these cases. */
  diff: 'sees it' | 'is blind'
}
export const seen = 'sees it'
export const blind = 'is blind'
