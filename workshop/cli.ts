import { notices } from '../kit/terminal/notices.ts'
import { Problem } from '../kit/terminal/problem.ts'
import { renderProblem } from '../kit/terminal/render-problem.ts'
import { assertNoSwallowedFlags } from '../kit/terminal/swallowed-flags.ts'

/** A door: takes the words after its name, prints, and returns an exit code. */
type Command = (args: string[]) => Promise<number>

const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).start,
  db: async () => (await import('./commands/db.ts')).db,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  seed: async () => (await import('./commands/seed.ts')).seed,
  psql: async () => (await import('./commands/psql.ts')).psql,
  shell: async () => (await import('./commands/shell.ts')).shell,
  goto: async () => (await import('./commands/goto.ts')).goto,
  check: async () => (await import('./commands/check.ts')).check,
  walkthrough: async () => (await import('./commands/walkthrough.ts')).walkthrough,
  drift: async () => (await import('./commands/drift.ts')).drift,
  read: async () => (await import('./commands/read.ts')).read,
  review: async () => (await import('./commands/review.ts')).review,
  release: async () => (await import('./commands/release.ts')).release,
  steps: async () => (await import('./commands/steps.ts')).steps,
  studio: async () => (await import('./commands/studio.ts')).studio,
  board: async () => (await import('./board/board.ts')).board,
  test: async () => (await import('./commands/test.ts')).test,
  bench: async () => (await import('./commands/bench.ts')).bench,
}

/** Runs one command. A Problem becomes red text and its exit code; anything else keeps its stack. */
export async function main([verb = '', ...args]: string[]): Promise<number> {
  // They would name another server than the one that is checked and printed.
  for (const name of [
    'PGHOST',
    'PGHOSTADDR',
    'PGPORT',
    'PGUSER',
    'PGPASSWORD',
    'PGDATABASE',
    'PGOPTIONS',
    'PGSERVICE',
  ]) {
    delete process.env[name]
  }
  // Whoever reads our output may stop early: `npm run db up | head -1`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return explained(verb, async () => {
    const load = commands[verb]
    if (!load) {
      throw new Problem(verb ? `There is no command "${verb}".` : 'Which command?', {
        why: `The commands are: ${Object.keys(commands).join(', ')}.`,
        next: 'npm start',
      })
    }
    assertNoSwallowedFlags(verb, args, process.env)
    const command = await load()
    return command(args).finally(sayNotices)
  })
}

/** Does the work of a command, and makes red text of its Problem. Returns the exit code. */
export async function explained(verb: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const problem = error instanceof Problem ? error : (unknownFlag(error, verb) ?? (await cutOff(error)))
    if (!problem) throw error
    process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
    return problem.exitCode
  }
}

function sayNotices(): void {
  if (!notices.has('PROD has lost its guard')) return
  process.stderr.write(
    '\n! PROD has lost its guard, or a part of it: a DELETE or a DROP could lose values now.\n  next  npm run db up    (puts it back)\n',
  )
}

/** What can happen to any command at any time: the server goes away, or the disk is full. */
async function cutOff(error: unknown): Promise<Problem | undefined> {
  const { diskFull, isDiskFull } = await import('../kit/terminal/disk-full.ts')
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

const usage: Record<string, string> = {
  db: 'npm run db status',
  seed: 'npm run seed:c26 -- --env prod --count 1000 --random    (each flag may be left out)',
  psql: 'npm run psql -- --env prod -c "SELECT 1"    (each flag may be left out)',
  shell: 'npm run shell -- --env prod -c "await prisma.recruit.count()"    (each flag may be left out)',
  studio: 'npm run studio -- --env prod --port 5555    (each flag may be left out)',
  check: 'npm run check 05',
  read: 'npm run read 05',
  drift: 'npm run drift -- --env prod --exit-code --json    (each flag may be left out)',
  board: 'npm run board -- --port 15440    (the flag may be left out)',
  goto: 'npm run goto 05 -- --dry-run    (the flag may be left out)',
  review: 'npm run review -- --base main --mode reviewed --env prod --files-only --json    (each flag may be left out)',
  release:
    'npm run release -- --env prod --name add_nickname --base main --rename recruits.a=b --drop recruits.c --backfill "recruits.d=\'x\'"    (the last four may be left out)',
}

/** What node:util's parseArgs says of a flag or a word that a command does not have. */
function unknownFlag(error: unknown, verb: string): Problem | undefined {
  const { code, message } = error as NodeJS.ErrnoException
  if (!code?.startsWith('ERR_PARSE_ARGS')) return undefined
  return new Problem(`"${verb}" does not know these words: nothing was done.`, {
    why: message.split('. ')[0]!,
    next: usage[verb] ?? 'The README lists what each command takes.',
    // Of the review, 1 means that the branch is rejected.
    exitCode: verb === 'review' ? 2 : 1,
  })
}
