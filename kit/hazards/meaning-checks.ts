import { typeText } from '../sql/names.ts'
import type { ColumnType } from '../sql/action.ts'
import type { HazardCheck } from './hazard.ts'
import { addedConstraints, isNew, list } from './statement-looks.ts'

/** What keeps every value where it is, and changes what it says. */
export const meaningChecks: readonly HazardCheck[] = [
  {
    id: 'H25',
    name: 'a type with another idea of zones',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'set type' || action.namesZone || isNew(seen, action.table)) return undefined
      const before = seen.tables.get(action.table)?.columns.get(action.column)?.type
      if (!before || !asksForZone(before, action.type)) return undefined
      return `makes ${action.table}.${action.column} ${typeText(action.type)} out of ${typeText(before)}, in the time zone of whoever runs it`
    },
    why: 'Where the role, the database or the server has a zone of its own, every instant moves by some hours. Prisma stores UTC.',
    accepted: "Name the zone:  ALTER COLUMN c TYPE … USING c AT TIME ZONE 'UTC'",
  },
  {
    id: 'H25',
    name: 'a copy into a column with another idea of zones',
    kind: 'loses',
    finds(action, seen) {
      if (action.do !== 'update' || isNew(seen, action.table)) return undefined
      const columns = seen.tables.get(action.table)?.columns
      const typeOf = (name = '') => columns?.get(name)?.type
      const moved = action.sets.find(({ to, from }) => {
        const [was, is] = [typeOf(from), typeOf(to)]
        return was && is && asksForZone(was, is)
      })
      if (!moved) return undefined
      return `copies ${action.table}.${moved.from}, ${typeText(typeOf(moved.from)!)}, into ${moved.to}, ${typeText(typeOf(moved.to)!)}, in the time zone of whoever runs it`
    },
    why: 'Where the role, the database or the server has a zone of its own, every instant moves by some hours. Prisma stores UTC.',
    accepted: "Name the zone:  SET b = a AT TIME ZONE 'UTC'",
  },
  {
    id: 'H26',
    name: 'a foreign key with another target',
    kind: 'loses',
    finds(action, seen) {
      for (const { table, constraint } of addedConstraints(action)) {
        const { kind, columns, references = '', referenced } = constraint
        const was = seen.tables.get(table)?.targets.get(columns.join())
        if (kind !== 'foreign key' || was === undefined || isNew(seen, table)) continue
        // Without columns, the primary key is meant.
        const isKnown = was.columns.length > 0 && referenced.length > 0
        const isOther = isKnown && was.columns.join() !== referenced.join()
        if (was.table === references && !isOther) continue
        const [now, then] = isOther
          ? [`${references}.${list(referenced)}`, `${was.table}.${list(was.columns)}`]
          : [references, was.table]
        return `has ${table}.${list(columns)} point to ${now}, and its values were made for ${then}`
      }
      return undefined
    },
    why: 'The same numbers name rows of another table now. Prisma writes this when a renamed model changes its place in the alphabet: columns A and B of a relation table then change their parts.',
    accepted:
      'Rename the columns with their models:  ALTER TABLE "_x" RENAME COLUMN "A" TO …  — npm run release writes it so.',
  },
  {
    id: 'H26',
    name: 'a label of an enum under a name that another one had',
    kind: 'note',
    finds(action, { file }) {
      if (action.do !== 'rename value') return undefined
      const names = file.actions.flatMap((one) => (one.do === 'rename value' && one.type === action.type ? [one] : []))
      const other = names.slice(0, names.indexOf(action)).find(({ from }) => from === action.to)
      if (!other) return undefined
      return `gives the name ${action.to} of ${action.type} to another label: rows that hold it say something else now`
    },
    why: 'No row is written, and every row with one of these labels reads as another value.',
    accepted: 'To change what rows say, UPDATE them; to change the order of labels, make a new type.',
  },
]

/** Between one that holds an instant and one that holds what a clock shows, somebody has to say where the clock hangs. */
function asksForZone(was: ColumnType, is: ColumnType): boolean {
  const instant = (type: ColumnType) => type.name === 'timestamptz'
  const clock = (type: ColumnType) => ['timestamp', 'date', 'time'].includes(type.name)
  return (instant(was) && clock(is)) || (clock(was) && instant(is))
}
