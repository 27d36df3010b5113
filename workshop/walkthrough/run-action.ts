import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Action, Edit, Typed } from './document.ts'
import { diffOutput, matchesOutput } from './match-output.ts'
import { nameMigrations, namePatch } from './patch.ts'
import type { Recorded } from './record-output.ts'
import { canonical, trimBlank, withoutChatter } from './stable-form.ts'
import { WalkthroughFailure } from './failure.ts'
import { tryGit } from '../../kit/git/git.ts'
import type { ShellSession } from './shell-session.ts'
import type { Ground } from './ground.ts'
import { askPsql } from './typed-sql.ts'
import { runCommand, Stuck, typeAtPrompt, type Prompt } from './typing.ts'

/** What is done where, and what came of it so far. */
export interface Walk {
  ground: Ground
  shell: ShellSession
  /** Milliseconds that one command may take. */
  limit: number
  /** Outputs are taken down, and not compared. */
  isRecording: boolean
  done: { commands: number; outputs: number; edits: number }
  /** The outputs as they were seen, in the document's words. */
  seen: Recorded[]
}

/** Does what a learner does at one code block. Throws a WalkthroughFailure. */
export async function doAction(action: Action, walk: Walk): Promise<void> {
  if (action.kind === 'diff') await edit(action, walk)
  else if (action.kind === 'sh') await typeInShell(action, walk)
  else await typeInPrompt(action, walk)
}

async function edit({ line, lines }: Edit, { ground, done }: Walk): Promise<void> {
  const input = namePatch(lines, migrationsIn(ground), new Date())
  const argv = ['apply', '--whitespace=nowarn', '-']
  const { code, stderr } = await tryGit(argv, { root: ground.folder, env: ground.env, input })
  if (code !== 0) {
    const shown = stderr.trim().split('\n')
    throw new WalkthroughFailure('The diff does not apply.', { line, command: 'git apply', shown })
  }
  done.edits++
}

async function typeInShell(action: Typed, walk: Walk): Promise<void> {
  const commands = commandsOf(action)
  const open = [...action.answers]
  const written: string[][] = []
  for (const { line, text } of commands) {
    const command = nameMigrations(text, migrationsIn(walk.ground), new Date())
    const at = { line, command }
    const ran = await told(at, () => runCommand(walk.shell, command, { open, limit: walk.limit }))
    const lines = readable(ran.screen, walk)
    const expected = line === commands.at(-1)!.line ? action.exit : [0]
    if (!expected.includes(ran.code)) throw wrongCode(ran.code, expected, { ...at, shown: lines })
    if (lines.length > 0) written.push(lines)
    walk.done.commands++
  }
  const last = commands.at(-1)
  if (open[0] && last) {
    const { line, question } = open[0]
    throw new WalkthroughFailure(`It never asked "${question}".`, { line, command: last.text, shown: written.flat() })
  }
  compare(action, joined(written), walk)
}

/** What several commands wrote, with a blank line between them: npm's own lines stood there. */
function joined(written: readonly (readonly string[])[]): string[] {
  return written.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))
}

const prompts: Record<'sql' | 'js', Prompt & { error: RegExp }> = {
  sql: { command: 'npm run psql', waits: /^(dev|prod)[-='"$*(][*!]?>$/, leave: '\\q', error: /^ERROR: / },
  js: {
    command: 'npm run shell',
    waits: /^((dev|prod)>|\.\.\.|\|)$/,
    leave: '.exit',
    error: /^(Uncaught |\w*Error\b)/,
  },
}

async function typeInPrompt(action: Typed, walk: Walk): Promise<void> {
  const prompt = prompts[action.kind as 'sql' | 'js']
  const command = action.env === 'prod' ? `${prompt.command} -- --env prod` : prompt.command
  const at = { line: action.line, command: [command, ...action.lines].join('\n') }
  if (action.kind === 'sql') {
    const seen = await askPsql(action, walk.ground)
    if (seen) expectOutput(action, readable(seen, walk), walk, 'psql, which is installed here, writes something else.')
  }
  const ran = await told(at, () => typeAtPrompt(walk.shell, { ...prompt, command }, action.lines, walk.limit))
  const lines = readable(ran.screen, walk)
  if (ran.code !== 0) throw wrongCode(ran.code, [0], { ...at, shown: lines })
  const code = lines.some((line) => prompt.error.test(line)) ? 1 : 0
  // An error that the document shows is expected.
  const isShown = action.output && action.exit.includes(0)
  if (!isShown && !action.exit.includes(code)) throw wrongCode(code, action.exit, { ...at, shown: lines })
  walk.done.commands += action.lines.length
  compare(action, lines, walk)
}

function compare(action: Typed, got: readonly string[], walk: Walk): void {
  if (!action.output) return
  walk.seen.push({ output: action.output, got })
  walk.done.outputs++
  expectOutput(action, got, walk, 'It writes something else.')
}

function expectOutput({ output, lines }: Typed, got: readonly string[], { isRecording }: Walk, message: string): void {
  if (!output || isRecording || matchesOutput(output.lines, got)) return
  throw new WalkthroughFailure(message, {
    line: output.line,
    command: lines.join('\n'),
    shown: diffOutput(output.lines, got),
  })
}

function readable(screen: readonly string[], { ground }: Walk): string[] {
  const names = ground.names()
  return trimBlank(withoutChatter(screen).map((line) => canonical(line, names)))
}

/** Each line is a command; one that ends in `\` goes on. */
export function commandsOf({ line, lines }: Pick<Typed, 'line' | 'lines'>): { line: number; text: string }[] {
  const commands: { line: number; text: string }[] = []
  let isOpen = false
  for (const [i, text] of lines.entries()) {
    if (isOpen) commands.at(-1)!.text += text.trimStart().replace(/\\$/, '')
    else if (text.trim() !== '' && !text.startsWith('#')) {
      commands.push({ line: line + i, text: text.replace(/\\$/, '') })
    }
    isOpen = text.endsWith('\\')
  }
  return commands
}

/** The learner's, and those of the clones inside of theirs. */
function migrationsIn({ folder }: Ground): string[] {
  const clones = join(folder, '.workshop')
  const all = [folder, ...foldersIn(clones).map((name) => join(clones, name))]
  return [...new Set(all.flatMap((one) => foldersIn(join(one, 'prisma', 'migrations'))))]
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    // The first steps have no such folder.
    return []
  }
}

async function told<T>(at: { line: number; command: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Stuck)) throw error
    throw new WalkthroughFailure(error.message, { ...at, shown: withoutChatter(error.screen) })
  }
}

function wrongCode(
  code: number,
  expected: readonly number[],
  at: { line: number; command: string; shown: readonly string[] },
): WalkthroughFailure {
  return new WalkthroughFailure(`It ends with ${code}, and not with ${expected.join(' or ')}.`, at)
}
