/** A migration by its folder's name and the text of its file. */
export interface MigrationText {
  name: string
  sql: string
}
