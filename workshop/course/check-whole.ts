import { Problem } from '../../kit/terminal/problem.ts'
import type { HistoryNote } from '../../kit/drift/drift-report.ts'
import type { Scene } from './check-scene.ts'

/**
 * A migration that a failure in its middle would leave half applied on PROD, where rows stand already: the deploy will refuse
 * it. The first deploy may.
 */
export async function findPartial(scene: Scene): Promise<string | undefined> {
  const notes = await scene.notes('prod').catch(ofNothing)
  const waits = new Set(notes.flatMap(({ kind, migration }) => (kind === 'pending' ? [migration] : [])))
  const migrations = await scene.migrations()
  const [pending, landed] = [
    migrations.filter(({ name }) => waits.has(name)),
    migrations.filter(({ name }) => !waits.has(name)),
  ]
  if (pending.length === 0 || landed.length === 0) return undefined
  // The parser is loaded only where there is something to judge.
  const [{ hazardsOf }, { allowedIn }, { loadParser }] = await Promise.all([
    import('../../kit/hazards/hazards.ts'),
    import('../../kit/hazards/allowed.ts'),
    import('../../kit/sql/tree.ts'),
  ])
  await loadParser()
  const found = hazardsOf(pending, { landed, checks: [], facts: { rows: () => undefined } }).find(
    ({ id, level, migration }) =>
      id === 'H23' &&
      level === 'refuse' &&
      !allowedIn(pending.find(({ name }) => name === migration)!.sql).some((one) => one.id === id && one.reason !== ''),
  )
  return found && `${found.migration}, line ${found.line}: ${found.words}`
}

/** That PROD is away is for the checks of PROD to say. */
function ofNothing(error: unknown): HistoryNote[] {
  if (error instanceof Problem) return []
  throw error
}
