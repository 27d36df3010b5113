import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { join } from 'node:path'
import { constants } from 'node:os'
import { projectRoot } from './project.ts'

/** Start of an argument list that runs a module by itself: `[...entry, 'workshop/prompts/node-prompt', 'dev']`. */
export const entry = [process.execPath, join(projectRoot, 'kit', 'project', 'entry.mjs')]

/** Start of an argument list that runs a TypeScript file as it stands: `[...tsx, 'bench/drift.ts']`. */
export const tsx = [process.execPath, '--import', 'tsx']

/** Start of an argument list that runs Prisma's own command line. */
export const prisma = [process.execPath, join(projectRoot, 'kit', 'engine', 'prisma.cjs')]

/**
 * Runs a command with this terminal as its own and returns its exit code (128 + n when signal n ended it).
 * A Ctrl-C reaches the command from the terminal itself, so here it is only waited for. Whoever ends this process alone
 * means the command: it is told.
 */
export async function run(argv: readonly string[], options: SpawnOptions = {}): Promise<number> {
  let child: ChildProcess | undefined
  const ignore = () => {}
  const passOn = () => void child?.kill('SIGTERM')
  process.on('SIGINT', ignore).on('SIGTERM', passOn)
  try {
    return await new Promise<number>((resolve, reject) => {
      child = spawn(argv[0]!, argv.slice(1), { cwd: projectRoot, stdio: 'inherit', ...options })
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', passOn)
  }
}

export interface Finished {
  code: number
  /** What the command wrote to both outputs, in the order it came. */
  output: string
}

/** Runs a command without a terminal and collects what it says. `begun` is told of the process. */
export function collect(
  argv: readonly string[],
  options: SpawnOptions = {},
  begun: (child: ChildProcess) => void = () => {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    begun(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      // Cut between two bytes of one letter, a chunk by itself would be broken text.
      stream?.setEncoding('utf8')
      stream?.on('data', (chunk) => (output += chunk))
    }
    child.once('error', reject)
    // 'exit', not 'close': a server that the command leaves behind may hold the pipes open.
    child.once('exit', (code, signal) =>
      setImmediate(() => resolve({ code: code ?? 128 + constants.signals[signal ?? 'SIGTERM'], output })),
    )
  })
}

/**
 * For who starts a great many Nodes: each reads these certificates when it starts, which doubles its start, and nothing
 * but npm reaches out of this computer. Whoever starts npm finds the file's name under another one.
 */
export function certificatesAside(): NodeJS.ProcessEnv {
  const file = process.env['NODE_EXTRA_CA_CERTS']
  return file ? { NODE_EXTRA_CA_CERTS: undefined, WORKSHOP_CA_CERTS: file } : {}
}
