import pg from 'pg'
import type { Catalog } from '../catalog/catalog.ts'
import { sqlName } from '../catalog/sql-name.ts'
import type { Answers } from './next-question.ts'
import { tableSql } from '../sql/table-sql.ts'
import { counted } from '../terminal/numbers.ts'
import { shellWord } from '../terminal/shell-word.ts'

/** Values of enums that the model has no more, and PROD's rows have: how many, and the two ways. */
export interface RemovedValues {
  words: string[]
  ways: string[]
}

/** Reads only. */
export async function readRemovedValues(
  client: Pick<pg.ClientBase, 'query'>,
  model: Catalog,
  live: Catalog,
  { renames }: Pick<Answers, 'renames'>,
): Promise<RemovedValues> {
  const found: RemovedValues = { words: [], ways: [] }
  for (const { name, gone: all, added } of changedEnums(model, live)) {
    const gone = all.filter((label) => !renames.some(({ from }) => from === `${name}.${label}`))
    for (const table of live.tables) {
      for (const column of table.columns.filter(({ type }) => type === sqlName(name))) {
        const c = pg.escapeIdentifier(column.name)
        for (const label of gone) {
          const { rows } = await client.query<{ n: string }>(
            `SELECT count(*) AS n FROM ${tableSql(table.name)} WHERE ${c}::text = ${label}`,
          )
          const n = Number(rows[0]!.n)
          if (n === 0) continue
          found.words.push(
            `${counted(n, 'row')} of ${table.name} ${n === 1 ? 'has' : 'have'} ${label} in ${column.name}`,
          )
          found.ways.push(
            `UPDATE ${pg.escapeIdentifier(table.name)} SET ${c} = '…' WHERE ${c} = ${label};    (in a migration of its own, when these rows are to say something else)`,
          )
        }
      }
    }
    for (const label of gone) {
      const rename = shellWord(`${name}.${label}=${added[0] ?? "'NEW_NAME'"}`)
      found.ways.push(`Or, when it has a new name, type the same command with  --rename ${rename}`)
    }
  }
  return found
}

function changedEnums(model: Catalog, live: Catalog): { name: string; gone: string[]; added: string[] }[] {
  const labels = (definition = ''): string[] => definition.match(/'(?:[^']|'')*'/g) ?? []
  return live.objects
    .filter(({ kind }) => kind === 'enum')
    .flatMap(({ name, definition }) => {
      const should = model.objects.find((one) => one.kind === 'enum' && one.name === name)
      const [have, want] = [labels(definition), labels(should?.definition)]
      const gone = should ? have.filter((label) => !want.includes(label)) : []
      return gone.length > 0 ? [{ name, gone, added: want.filter((label) => !have.includes(label)) }] : []
    })
}
