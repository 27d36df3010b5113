import { readFileSync } from 'node:fs'
import { parse } from 'dotenv'
import { run } from '../project/processes.ts'
import type { Target } from './target.ts'

/**
 * Runs a command on the database of `target`: its env files beat an exported DATABASE_URL, and `more` beats both. Returns
 * the exit code.
 */
export function runOn(target: Target, argv: readonly string[], more: Record<string, string> = {}): Promise<number> {
  const files = target.files.map((file) => parse(readFileSync(file)))
  return run(argv, { env: Object.assign({ ...process.env }, ...files, more) as NodeJS.ProcessEnv })
}
