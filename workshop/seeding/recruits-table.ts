import { Problem } from '../../kit/terminal/problem.ts'
import type { Seedable } from './people.ts'

/** The part of a generated Prisma Client that a seed uses. The client itself belongs to the learner. */
export interface SeedClient {
  recruit?: {
    findFirst(): Promise<unknown>
    findMany(query: object): Promise<Seedable[]>
    createMany(query: { data: object[] }): Promise<{ count: number }>
    count(query?: object): Promise<number>
  }
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): Promise<Rows>
  $disconnect(): Promise<void>
}

/** What the client knows about model Recruit. Prisma has no public way to ask; its exact version is pinned, and tested. */
interface ClientInside {
  _runtimeDataModel: { models: Record<string, { dbName: string | null; fields: { name: string; dbName?: string }[] }> }
}

export interface RecruitTable {
  /** Quoted, ready for SQL. */
  name: string
  /** From the field's name in the model to the column's name in the database. */
  columns: Map<string, string>
}

/** The table and the columns of model Recruit, so that no second list must be kept in step with the schema. */
export function recruitTable(client: SeedClient): RecruitTable {
  const model = (client as unknown as ClientInside)._runtimeDataModel.models['Recruit']
  if (!model) {
    throw new Problem('There is no model Recruit yet.', {
      why: 'A seed adds recruits, and prisma/schema.prisma as it was last generated has no "model Recruit".',
      next: ['Add the model to prisma/schema.prisma.', 'npx prisma generate'],
    })
  }
  const columns = new Map(model.fields.map((field) => [field.name, field.dbName ?? field.name]))
  return { name: quoted(model.dbName ?? 'Recruit'), columns }
}

/** Every githubName in the table. One long text is far cheaper to fetch than a row for each. */
export async function presentNames(client: SeedClient, table: RecruitTable): Promise<Set<string>> {
  const column = quoted(columnOf(table, 'githubName'))
  const [row] = await client.$queryRawUnsafe<{ names: string | null }[]>(
    `SELECT string_agg(${column}, E'\\n') AS names FROM ${table.name}`,
  )
  return new Set(row?.names?.split('\n') ?? [])
}

/** One statement for the whole batch: either all of it is in, or nothing. The table itself says which type a column has. */
export async function insertBatch(client: SeedClient, table: RecruitTable, recruits: object[]): Promise<number> {
  if (recruits.length === 0) return 0
  const fields = [...new Set(recruits.flatMap((recruit) => Object.keys(recruit)))]
  const columns = fields.map((field) => columnOf(table, field))
  const list = columns.map(quoted).join(', ')
  return client.$executeRawUnsafe(
    `INSERT INTO ${table.name} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${table.name}, $1::json)`,
    JSON.stringify(recruits.map((recruit) => renamed(recruit, fields, columns))),
  )
}

function renamed(recruit: object, fields: string[], columns: string[]): object {
  const row: Record<string, unknown> = {}
  for (const [i, field] of fields.entries()) row[columns[i]!] = (recruit as Record<string, unknown>)[field]
  return row
}

function columnOf(table: RecruitTable, field: string): string {
  const column = table.columns.get(field)
  if (column !== undefined) return column
  throw new Problem(`The model Recruit has no field "${field}".`, {
    why: 'The seed gives a value for it, but the generated client does not know it.',
    next: ['Compare seeds/recruits.ts with prisma/schema.prisma.', 'npx prisma generate'],
  })
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
