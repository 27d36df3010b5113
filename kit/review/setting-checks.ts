import type { Finding } from '../hazards/finding.ts'

/** A file that says how migrations are run: package.json, a workflow, an env file. */
export interface SettingFile {
  path: string
  text: string
}

export interface SettingCheck {
  id: 'H14' | 'H21'
  name: string
  /** The line, from 0, at which a block of one file shows it; -1 where it does not. `all` are the other files beside it. */
  finds(block: readonly string[], all: readonly SettingFile[]): number
  words: string
  level: Finding['level']
  why: string
  next: string[]
}

/** What is wrong with how migrations are run. */
export const settingChecks: readonly SettingCheck[] = [
  {
    id: 'H14',
    name: 'a deploy without a lock_timeout',
    level: 'note',
    finds(block, all) {
      const at = block.findIndex((line) => /\bprisma\s+migrate\s+deploy\b/.test(line))
      const timed = all.some(({ path, text }) => isProdFile(path) && /lock_timeout/.test(text))
      return at === -1 || timed || block.some((line) => /lock_timeout/i.test(line)) ? -1 : at
    },
    words: '"migrate deploy" runs without a lock_timeout',
    why: 'A statement that waits for a lock makes everybody wait behind it.',
    next: [
      "ALTER ROLE deployer SET lock_timeout = '5s';    (or ?options=-c%20lock_timeout%3D5s in its DATABASE_URL)",
      'Deploy again when it ends with 55P03.',
    ],
  },
  {
    id: 'H21',
    name: 'a dev verb on PROD',
    level: 'refuse',
    finds: (block) =>
      block.some(namesProd)
        ? block.findIndex(
            (line) => devVerb.test(line) && (namesProd(line) || !/\.env\.(dev|test)|--env[ =]dev/.test(line)),
          )
        : -1,
    words: 'a command that may wipe a database is run on PROD',
    why: '"migrate dev", "migrate reset" and "db push" reset what has drifted, with all rows.',
    next: ['npx prisma migrate deploy    (the one verb for PROD)'],
  },
  {
    id: 'H21',
    name: 'PROD as a shadow database',
    level: 'refuse',
    finds(block) {
      const main = value(block, 'DATABASE_URL')
      return block.findIndex((line) => {
        const [, url] = /(?:SHADOW_DATABASE_URL\s*[:=]\s*|--shadow-database-url[ =])(\S+)/.exec(line) ?? []
        return url !== undefined && (/prod/i.test(url) || place(url) === place(main ?? ''))
      })
    },
    words: 'the shadow database is a real one',
    why: 'Prisma empties the shadow database each time that it replays the migrations.',
    next: ['Name an empty database of its own on DEV’s server, or none.'],
  },
]

/** What is wrong in one of the files. `all` are the settings that stand beside it. */
export function settingFindings(
  { path, text }: SettingFile,
  all: readonly SettingFile[],
  checks: readonly SettingCheck[] = settingChecks,
): Finding[] {
  const lines = text.split(/\r?\n/).map((line) => (/^\s*(#|\/\/)/.test(line) ? '' : line))
  return blocksOf(path, lines).flatMap(({ start, block }) =>
    checks.flatMap(({ id, level, words, why, next, finds }): Finding[] => {
      const at = finds(block, all)
      return at === -1 ? [] : [{ id, level, file: path, line: start + at + 1, words, why, next }]
    }),
  )
}

export function isSettingFile(path: string): boolean {
  return /(^|\/)(package\.json|\.env[\w.-]*|[\w.-]+\.sh|\.gitlab-ci\.yml)$|^\.github\/workflows\/[^/]+\.ya?ml$/.test(
    path,
  )
}

const devVerb =
  /\bprisma\s+(migrate\s+(dev|reset)|db\s+push)\b|\bmigrate\s+(--\s+)?(dev|reset)\b.*--env[ =]prod|\bdb\s+reset\b.*--env[ =]prod/

function namesProd(line: string): boolean {
  return /\.env\.prod|--env[ =]prod|PROD\w*_URL|DATABASE_URL\S*[:=].*prod|environment:\s*prod/i.test(line)
}

function isProdFile(path: string): boolean {
  return /\.env\.prod/.test(path)
}

/** A script of package.json and a job of a workflow are judged each on its own; any other file as a whole. */
function blocksOf(path: string, lines: readonly string[]): { start: number; block: string[] }[] {
  const isStart = (line: string) => path.endsWith('.json') || (/\.ya?ml$/.test(path) && /^ {2}[\w-]+:\s*$/.test(line))
  const starts = [0, ...lines.flatMap((line, i) => (i > 0 && isStart(line) ? [i] : []))]
  return starts.map((start, i) => ({ start, block: lines.slice(start, starts[i + 1] ?? lines.length) }))
}

function value(block: readonly string[], name: string): string | undefined {
  return block.map((line) => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*[:=]\\s*(\\S+)`).exec(line)?.[1]).find(Boolean)
}

/** Server and database, whoever logs in. */
function place(url: string): string {
  return url
    .replaceAll(/["']/g, '')
    .replace(/^\w+:\/\/([^@/]*@)?/, '')
    .replace(/\?.*$/, '')
}
