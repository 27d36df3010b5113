import type { Env } from '../../kit/database/target.ts'
import { describeDifference } from './check-lines.ts'
import type { Scene } from './check-scene.ts'

/**
 * What is wrong with a database whatever the step: a migration that failed, one that was edited or taken away after it
 * was applied, and, on PROD, tables that its migrations did not make. A PROD that is further on than the folder is not
 * wrong: it never goes back.
 */
export async function findUnsound(
  env: Env,
  scene: Scene,
  wayOn: () => Promise<string>,
): Promise<{ found: string; next: string } | undefined> {
  const notes = await scene.notes(env)
  const of = (...kinds: string[]) => notes.filter(({ kind }) => kinds.includes(kind))
  const unknown = of('unknown').map(({ migration }) => migration)
  const isAhead = unknown.length > 0 && of('pending').length === 0 && (await isNewer(unknown, scene))
  const [wrong] = [...of('failed', 'edited'), ...(isAhead ? [] : of('unknown'))]
  if (wrong) return { found: wrong.words, next: await wayOn() }
  if (env === 'dev' || isAhead) return undefined
  const applied = (await scene.history(env)).map(({ name }) => name)
  const scripts = (await scene.migrations()).filter(({ name }) => applied.includes(name)).map(({ sql }) => sql)
  const summary = await scene.schemas.difference(await scene.after(scripts), await scene.live(env))
  return summary === undefined
    ? undefined
    : { found: `changed by hand: ${describeDifference(summary)}`, next: await wayOn() }
}

async function isNewer(names: readonly string[], scene: Scene): Promise<boolean> {
  const last =
    (await scene.migrations())
      .map(({ name }) => name)
      .toSorted()
      .at(-1) ?? ''
  return names.every((name) => name > last)
}
