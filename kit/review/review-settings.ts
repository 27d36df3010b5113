import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GuardMode } from './review-report.ts'
import { Problem } from '../terminal/problem.ts'
import { cannotJudge } from '../git/branch.ts'

/** What a project says of its guard: `"migrationGuard": { "mode": "reviewed" }` in its package.json. */
export interface GuardSettings {
  mode?: GuardMode
  base?: string
  migrations?: string
  schema?: string
}

const modes: readonly GuardMode[] = ['reviewed', 'no-migrations']

/** Throws a Problem with exit code 2 when the text is no JSON, or when it names no mode that there is. */
export function readGuardSettings(packageJson: string | undefined): GuardSettings {
  if (packageJson === undefined) return {}
  const { migrationGuard, prisma } = parsed(packageJson)
  const settings: GuardSettings = { ...(prisma?.schema && { schema: prisma.schema }), ...migrationGuard }
  return settings.mode === undefined ? settings : { ...settings, mode: chooseMode(settings.mode) }
}

/** Of the package.json that is in the folder now. */
export function settingsIn(root: string): GuardSettings {
  const file = join(root, 'package.json')
  return existsSync(file) ? readGuardSettings(readFileSync(file, 'utf8')) : {}
}

export function chooseMode(word: string): GuardMode {
  const mode = modes.find((one) => one === word)
  if (mode) return mode
  throw new Problem(`The branch was not judged: there is no mode "${word}".`, {
    why: `The modes are: ${modes.join(', ')}.`,
    next: ['npm run guard -- --mode reviewed', 'Or in package.json:  "migrationGuard": { "mode": "reviewed" }'],
    exitCode: cannotJudge,
  })
}

function parsed(text: string): { migrationGuard?: GuardSettings; prisma?: Pick<GuardSettings, 'schema'> } {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('The branch was not judged: package.json cannot be read.', {
      why: (cause as Error).message,
      next: 'Mend package.json.',
      exitCode: cannotJudge,
      cause,
    })
  }
}
