import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReviewMode } from './review-report.ts'
import { Problem } from '../terminal/problem.ts'
import { cannotJudge } from '../git/branch.ts'

/** What a project says of its reviews: `"migrationReview": { "mode": "reviewed" }` in its package.json. */
export interface ReviewSettings {
  mode?: ReviewMode
  base?: string
  migrations?: string
  schema?: string
}

const modes: readonly ReviewMode[] = ['reviewed', 'no-migrations']

/** Throws a Problem with exit code 2 when the text is no JSON, or when it names no mode that there is. */
export function readReviewSettings(packageJson: string | undefined): ReviewSettings {
  if (packageJson === undefined) return {}
  const { migrationReview, migrationGuard, prisma } = parsed(packageJson)
  const settings = { ...(prisma?.schema && { schema: prisma.schema }), ...migrationGuard, ...migrationReview }
  return settings.mode === undefined ? settings : { ...settings, mode: chooseMode(settings.mode) }
}

/** Of the package.json that is in the folder now. */
export function settingsIn(root: string): ReviewSettings {
  const file = join(root, 'package.json')
  return existsSync(file) ? readReviewSettings(readFileSync(file, 'utf8')) : {}
}

export function chooseMode(word: string): ReviewMode {
  const mode = modes.find((one) => one === word)
  if (mode) return mode
  throw new Problem(`The branch was not judged: there is no mode "${word}".`, {
    why: `The modes are: ${modes.join(', ')}.`,
    next: ['npm run review -- --mode reviewed', 'Or in package.json:  "migrationReview": { "mode": "reviewed" }'],
    exitCode: cannotJudge,
  })
}

interface PackageJson {
  migrationReview?: ReviewSettings
  /** Its name of before: a rule must not be lost because a word has changed. */
  migrationGuard?: ReviewSettings
  prisma?: Pick<ReviewSettings, 'schema'>
}

function parsed(text: string): PackageJson {
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
