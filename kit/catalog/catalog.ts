/** What stands in schema `public` of one database, as plain values. */
export interface Catalog {
  tables: Table[]
  objects: CatalogObject[]
  /** Of models: whether they can say an index of some rows only (the preview feature `partialIndexes`). */
  saysPartialIndexes?: boolean
}

export interface Table {
  name: string
  columns: Column[]
}

export interface Column {
  name: string
  /** As PostgreSQL writes it: `text`, `character varying(20)`, `integer[]`. */
  type: string
  nullable: boolean
  /** An SQL expression. */
  default: string | null
  /** `GENERATED … AS IDENTITY` or `GENERATED ALWAYS AS (…)`, as SQL; null for a plain column. */
  generated: string | null
  /** The number that PostgreSQL gives a column when it is added. It stays when the column is renamed. */
  position: number
  /** Of a model that only mentions a default, `dbgenerated()`: whatever the database has there is right. */
  isDefaultOpen?: boolean
}

/** All there are, in the order in which they have to go: a trigger before its function, a foreign key before its table's key. */
export const objectKinds = [
  'comment',
  'policy',
  'row security',
  'disabled trigger',
  'trigger',
  'materialized view',
  'view',
  'foreign key',
  'check',
  'exclusion',
  'index',
  'unique index',
  'unique constraint',
  'primary key',
  'function',
  'sequence',
  'domain',
  'enum',
  'extension',
] as const

export type ObjectKind = (typeof objectKinds)[number]

/** Everything else than tables and their columns: two are the same when their definitions are. */
export interface CatalogObject {
  kind: ObjectKind
  /** Null for an object that belongs to no table. */
  table: string | null
  name: string
  /** SQL, or a part of it; how it is put together depends on the kind. */
  definition: string
}
