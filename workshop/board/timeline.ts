import type { DriftReport, HistoryNote } from '../../kit/drift/drift-report.ts'

export type Mark = 'applied' | HistoryNote['kind'] | 'not known' | 'not there'

/** One migration, and what became of it in each database. */
export interface MigrationMark {
  /** As its folder is called. */
  name: string
  /** The name without the time: `add cohort`. */
  title: string
  /** The time in its name, as in `2025-01-13 09:00`; empty where there is none. */
  at: string
  dev: Mark
  prod: Mark
}

/** What is told first where a migration has two notes: a rolled back one is pending again too. */
const order: readonly HistoryNote['kind'][] = ['failed', 'unknown', 'edited', 'rolled back', 'out of order', 'pending']

/**
 * All migrations that the folder or a database knows, in the order of their names, which begin with their time. Without
 * a folder (it cannot be read) nothing can be said of them.
 */
export function timeLine({ links, layers }: DriftReport, folder: readonly string[] | undefined): MigrationMark[] {
  const notes = links.flatMap(({ to, history }) => history.map((note) => ({ ...note, env: to })))
  const markOf = (env: 'dev' | 'prod', name: string): Mark => {
    const isUnread = layers.some((layer) => layer.name === env && layer.problem)
    if (isUnread || !folder) return 'not known'
    const kinds = notes.filter((note) => note.env === env && note.migration === name).map(({ kind }) => kind)
    const isApplied = kinds.length === 0 && folder.includes(name)
    return order.find((kind) => kinds.includes(kind)) ?? (isApplied ? 'applied' : 'not there')
  }
  return [...new Set([...(folder ?? []), ...notes.map(({ migration }) => migration)])].toSorted().map((name) => {
    const [, date, time, words] = /^(\d{8})(\d{4})\d{2}_(.*)$/.exec(name) ?? []
    return {
      name,
      title: (words ?? name).replaceAll('_', ' '),
      at: date && time ? `${date.replace(/(....)(..)(..)/, '$1-$2-$3')} ${time.replace(/(..)(..)/, '$1:$2')}` : '',
      dev: markOf('dev', name),
      prod: markOf('prod', name),
    }
  })
}
