import { quoted } from '../catalog/catalog-sql.ts'
import type { Part } from './safe-form-part.ts'
import { shownColumns, without, type ShowingView } from './shown-columns.ts'

/** Each view without what goes, right before the columns do; where that was asked for. */
export function viewParts(views: readonly ShowingView[], drops: readonly string[]): Part[] {
  return views.flatMap((view): Part[] => {
    const gone = [...new Set(shownColumns([view], drops).map(({ column }) => column))]
    const isSaid = shownColumns([view], gone).every(({ name }) => drops.includes(name))
    if (gone.length === 0 || !isSaid) return []
    const sql = gone.reduce<string | undefined>((text, column) => text && without(text, column)?.sql, view.sql)
    if (sql === undefined) return []
    return [
      {
        phase: 'drop',
        rank: 156,
        comment: 'A view holds no values: it is made anew, without what goes.',
        sql: `DROP VIEW ${quoted(view.name)};`,
      },
      { phase: 'drop', rank: 157, sql: `${sql};` },
    ]
  })
}
