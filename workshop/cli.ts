import { diskFull, isDiskFull } from '../kit/terminal/disk-full.ts'
import { nearest } from '../kit/terminal/nearest.ts'
import { notices } from '../kit/terminal/notices.ts'
import { Problem } from '../kit/terminal/problem.ts'
import { renderProblem } from '../kit/terminal/render-problem.ts'
import { assertNoSwallowedFlags } from '../kit/terminal/swallowed-flags.ts'
import { shellWord } from '../kit/terminal/shell-word.ts'
import { help, readWords, type Verb } from '../kit/terminal/verb.ts'
import { wrap } from '../kit/terminal/wrap.ts'
import { formerly, groups, prismaFlags, verbs, type VerbName } from './verbs.ts'

/** Runs one command. A Problem becomes red text and its exit code; anything else keeps its stack. */
export async function main([name = '', ...args]: string[]): Promise<number> {
  // They would name another server than the one that is checked and printed.
  for (const variable of ['HOST', 'HOSTADDR', 'PORT', 'USER', 'PASSWORD', 'DATABASE', 'OPTIONS', 'SERVICE']) {
    delete process.env[`PG${variable}`]
  }
  // Whoever reads our output may stop early: `npm run db up | head -1`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  if (name === '' || isHelp(name)) return say(list())
  return explained(async () => {
    const verb = find(name, args)
    // `migrate dev --help` asks Prisma.
    const isForOther = verb.passesOnTo !== undefined && args[0] !== undefined && !args[0].startsWith('-')
    if (args.some(isHelp) && !isForOther) return say(help(name, verb))
    const flags = Object.assign({}, ...Object.values(verbs).map(({ options }) => options), prismaFlags)
    assertNoSwallowedFlags(name, args, process.env, flags)
    return verb.run(readWords(name, verb, args)).finally(sayNotices)
  })
}

/** `migration-review`, in another repository: the review by the files alone, for want of our databases. */
export async function reviewElsewhere(args: readonly string[], root: string): Promise<number> {
  const name = 'migration-review'
  return explained(async () => {
    if (args.some(isHelp)) return say(help(name, verbs.review))
    const { values } = readWords(name, verbs.review, args)
    const { elsewhere, review } = await import('./commands/review.ts')
    return review(values, elsewhere(root))
  })
}

/** Does the work of a command, and makes red text of its Problem. Returns the exit code. */
async function explained(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const problem = error instanceof Problem ? error : cutOff(error)
    if (!problem) throw error
    process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
    return problem.exitCode
  }
}

function find(name: string, args: readonly string[]): Verb {
  if (Object.hasOwn(verbs, name)) return verbs[name as VerbName]
  const now = Object.hasOwn(formerly, name) ? formerly[name] : undefined
  if (now) {
    throw new Problem(`"${name}" is called "${now}" now: nothing was done.`, {
      why: 'One word for one thing: the guard is what stands inside PROD.',
      next: ['npm run', now, ...(args.length > 0 ? ['--', ...args.map(shellWord)] : [])].join(' '),
      exitCode: verbs[now].wrongWords ?? 1,
    })
  }
  const meant = nearest(name, Object.keys(verbs))
  throw new Problem(`There is no command "${name}".`, {
    why: `The commands are: ${Object.keys(verbs).join(', ')}.`,
    next: meant ? `npm run ${meant}` : 'node workshop/run.mjs    (lists them all, and what they do)',
  })
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

function list(): string[] {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length))
  return [
    ...Object.entries(groups).flatMap(([title, own]) => [
      title,
      ...Object.entries(own).map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`),
      '',
    ]),
    'next  npm run goto -- --help    (what one of them takes)',
  ]
}

function say(lines: readonly string[]): number {
  for (const line of lines) console.log(wrap(line, process.stdout.columns))
  return 0
}

const lostGuard = 'PROD has lost its guard'

function sayNotices(): void {
  for (const words of [...notices].filter((one) => one !== lostGuard)) {
    process.stderr.write(`\n! ${words}\n`)
    notices.delete(words)
  }
  if (!notices.has(lostGuard)) return
  process.stderr.write(
    '\n! PROD has lost its guard, or a part of it: a DELETE or a DROP could lose values now.\n  next  npm run db up    (puts it back)\n',
  )
}

/** What can happen to any command at any time: the server goes away, or the disk is full. */
function cutOff(error: unknown): Problem | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (isDiskFull(message)) return diskFull('the folder of this workshop')
  const isCut = ['57P01', '57P02', '57P03', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code)
  if (!isCut && !/^Connection terminated|not queryable/.test(message)) return undefined
  return new Problem('The connection to a database was cut off.', {
    why: `${message}. What was committed is safe; what was not is as it was before.`,
    next: [
      'npm run db up    (starts what is down, and finds out what became of a migration)',
      'Then type the same command again.',
    ],
  })
}
