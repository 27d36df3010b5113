import { createHash } from 'node:crypto'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'

/** Whether the engine asks which migrations are applied. */
export function readsHistory({ sql }: SqlQuery): boolean {
  return /^SELECT .* FROM (".*"\.)?"_prisma_migrations" ORDER BY "started_at" ASC$/.test(sql)
}

/** The answer as it would be if each migration of the list had been applied, and nothing else. */
export function wholeHistory({ migrationDirectories }: MigrationList): SqlResultSet {
  const { Text, DateTime, Int32 } = ColumnTypeEnum
  const rows = migrationDirectories.map(({ path, migrationFile: { content } }, i) => {
    const checksum = createHash('sha256').update(content.value).digest('hex')
    const at = new Date(i).toISOString()
    return [path, checksum, at, path, null, null, at, 1]
  })
  const columns = 'id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count'
  const columnTypes = [Text, Text, DateTime, Text, Text, DateTime, DateTime, Int32]
  return { columnNames: columns.split(' '), columnTypes, rows }
}
