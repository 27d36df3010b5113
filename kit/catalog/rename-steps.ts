import { dotted, splitName } from './dotted-name.ts'

interface Rename {
  from: string
  to: string
}

/**
 * Renames in an order in which no name is in another's way: `b` to `c` before `a` to `b`, and two that swap by way of a
 * third name. Tables come first: a column is named by its table's new name.
 */
export function renameSteps(renames: readonly Rename[]): Rename[] {
  const isTable = ({ from }: Rename) => splitName(from).length === 1
  return [renames.filter(isTable), renames.filter((one) => !isTable(one))].flatMap((some) => inOrder(some, renamedTo))
}

/** `recruits.chatname` to `rocketchat_user` makes `recruits.rocketchat_user`. */
export function renamedTo({ from, to }: Rename): string {
  const [table, column] = splitName(from)
  return column === undefined ? dotted(to) : dotted(table, to)
}

/** `nameOf` says what a rename makes, as another one's `from` would say it. */
export function inOrder<One extends Rename>(renames: readonly One[], nameOf: (one: Rename) => string): One[] {
  const steps: One[] = []
  const open = [...renames]
  while (open.length > 0) {
    const free = open.findIndex((one) => open.every(({ from }) => from !== nameOf(one)))
    if (free >= 0) {
      steps.push(...open.splice(free, 1))
      continue
    }
    const [first] = open as [One]
    const aside = { ...first, to: first.to.replace(/'?$/, (end) => `_swapped${end}`) }
    steps.push(aside)
    open[0] = { ...first, from: nameOf(aside) }
  }
  return steps
}
