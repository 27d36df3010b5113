import { createHash } from 'node:crypto'

/** A migration by its folder's name and the text of its file. */
export interface MigrationText {
  name: string
  sql: string
}

/** As Prisma notes it: SHA-256 of the script, in hex. */
export function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}
