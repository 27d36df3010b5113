import childProcess from 'node:child_process'
import { accessSync, chmodSync, constants } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const enginePath = fileURLToPath(new URL('schema-engine.mjs', import.meta.url))

/**
 * Makes Prisma's CLI, in whose process this runs, start our schema engine. An engine that the user named wins.
 * Returns whether ours is in use.
 */
export function useOurEngine(): boolean {
  const { PRISMA_SCHEMA_ENGINE_BINARY: chosen, PRISMA_MIGRATION_ENGINE_BINARY: chosenLongAgo } = process.env
  if (!chosen && !chosenLongAgo) process.env['PRISMA_SCHEMA_ENGINE_BINARY'] = enginePath
  const inUse = resolve(process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ?? chosenLongAgo ?? '') === enginePath
  if (inUse && !isExecutable(enginePath)) startAsNodeScript(enginePath)
  return inUse
}

/** Restores the bit that a copied or unzipped folder lacks. Windows has none, and a read-only folder keeps its own. */
export function isExecutable(file: string, platform = process.platform): boolean {
  if (platform === 'win32') return false
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    try {
      chmodSync(file, 0o755)
      return true
    } catch {
      return false
    }
  }
}

/** Where the system cannot start a script, Prisma's `spawn(file, …)` becomes `spawn(node, [file, …])`. */
export function startAsNodeScript(file: string): void {
  const { spawn } = childProcess
  const spawnNode = (command: string, args?: readonly string[] | object, ...rest: object[]) => {
    if (command !== file) return Reflect.apply(spawn, childProcess, [command, args, ...rest])
    const [list, options] = Array.isArray(args) ? [args, rest] : [[], [args, ...rest]]
    return Reflect.apply(spawn, childProcess, [process.execPath, [file, ...list], ...options])
  }
  childProcess.spawn = spawnNode as typeof spawn
  syncBuiltinESMExports()
}
