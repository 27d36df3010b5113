import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MigrationText } from '../sql/migration-text.ts'
import { runsOf } from '../sql/script-runs.ts'
import { loadParser } from '../sql/tree.ts'

/** What squawk-cli says of one statement. */
export interface SquawkFinding {
  migration: string
  /** From 1. */
  line: number
  rule: string
  message: string
  help: string | null
}

/** All that squawk-cli finds in these files; undefined where it has no program for this system. */
export async function askSquawk(migrations: readonly MigrationText[]): Promise<SquawkFinding[] | undefined> {
  const program = squawkProgram()
  if (program === undefined) return undefined
  if (migrations.length === 0) return []
  await loadParser()
  const folder = mkdtempSync(join(tmpdir(), 'squawk '))
  try {
    for (const { name, sql } of migrations) {
      // What Prisma sends in one batch is one transaction, and squawk has to be told so. BEGIN and COMMIT it sees itself.
      const kind = isOneBatch(sql) ? 'together' : 'alone'
      mkdirSync(join(folder, kind, name), { recursive: true })
      writeFileSync(join(folder, kind, name, 'migration.sql'), sql)
    }
    const args = ['--reporter', 'json', '--pg-version', '18.0', '--no-error-on-unmatched-pattern']
    const said = [
      await run(program, [...args, '--no-assume-in-transaction', 'alone/*/migration.sql'], folder),
      await run(program, [...args, '--assume-in-transaction', 'together/*/migration.sql'], folder),
    ].flatMap((json) => JSON.parse(json.trim() || '[]') as Said[])
    return said.map(({ file, line, rule_name, message, help }) => ({
      migration: file.split(/[\\/]/).at(-2)!,
      line: line + 1,
      rule: rule_name,
      message,
      help,
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Said {
  file: string
  /** From 0. */
  line: number
  rule_name: string
  message: string
  help: string | null
}

function isOneBatch(sql: string): boolean {
  const runs = runsOf(sql)
  return runs.length === 1 && runs[0]!.statements.length > 1
}

/** The package of this platform holds it; npm leaves it out where there is none. */
function squawkProgram(): string | undefined {
  const exe = process.platform === 'win32' ? '.exe' : ''
  try {
    const main = createRequire(import.meta.url).resolve('squawk-cli/package.json')
    return createRequire(main).resolve(`@squawk-cli/${process.platform}-${process.arch}/bin/squawk${exe}`)
  } catch {
    return undefined
  }
}

/** It ends with 1 when it has found something. */
function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 || code === 1 ? resolve(stdout) : reject(new Error(`squawk ended with ${code}: ${stderr}`)),
    )
  })
}
