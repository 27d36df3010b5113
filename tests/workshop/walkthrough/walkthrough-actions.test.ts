import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument, type Section } from '../../../workshop/walkthrough/document.ts'
import { WalkthroughFailure } from '../../../workshop/walkthrough/failure.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { doAction, type Walk } from '../../../workshop/walkthrough/run-action.ts'
import { assertEnd } from '../../../workshop/walkthrough/section-end.ts'
import { makeGround, type Ground } from '../../../workshop/walkthrough/ground.ts'
import { openShell, type ShellSession } from '../../../workshop/walkthrough/shell-session.ts'

// What goes wrong in a section, one thing at a time, in a real copy and a real shell. No server is needed for it.

const first = readSteps()[0]!
let ground: Ground
let shell: ShellSession
let walk: Walk

beforeAll(async () => {
  ground = await makeGround()
  await ground.run('git', 'switch', '--quiet', '-c', 'my-work', first.tag)
})
beforeEach(async () => {
  shell = await openShell(ground.folder, ground.env)
  const done = { commands: 0, outputs: 0, edits: 0 }
  walk = { ground, shell, limit: 1_000, isRecording: false, done, seen: [] }
})
afterEach(() => shell.close())
afterAll(() => ground.remove())

function section(...lines: string[]): Section {
  return parseDocument(['## 00 · Toy', ...lines].join('\n'), 'TOY.md')[0]!
}

/** Does all that the section says. Returns how it failed, or that it did not. */
async function outcome(...lines: (string | string[])[]): Promise<WalkthroughFailure | 'done'> {
  try {
    for (const action of section(...lines.flat()).actions) await doAction(action, walk)
    return 'done'
  } catch (error) {
    if (error instanceof WalkthroughFailure) return error
    throw error
  }
}

test('commands share one shell, its folder, its variables, and a terminal of 120 columns', async () => {
  const ran = await outcome(
    ['```sh', 'cd prisma', 'GREETING="hello  there"', 'ls', 'cd ..', 'echo $GREETING; pwd; tput cols', '```'],
    ['```output', 'schema.prisma', '', 'hello there', '~/database-migrations', '120', '```'],
  )
  expect(ran).toBe('done')
  expect(walk.done).toEqual({ commands: 5, outputs: 1, edits: 0 })
})

test('another output is told line by line, with the place in the document', async () => {
  const ran = await outcome('```sh', "printf 'one\\ntwo\\n'", '```', '```output', 'one', 'drei', '```')
  expect(ran).toMatchObject({ message: 'It writes something else.', line: 6, command: "printf 'one\\ntwo\\n'" })
  expect(ran).toMatchObject({ shown: ['  one', '- drei', '+ two'] })
})

test('an exit code that nobody expects ends the section at its command; one that is expected does not', async () => {
  expect(await outcome('```sh', 'true', 'false', 'true', '```')).toMatchObject({
    message: 'It ends with 1, and not with 0.',
    line: 4,
    command: 'false',
  })
  expect(await outcome('```sh exit=1,2', '(exit 3)', '```')).toMatchObject({ line: 3 })
  expect(await outcome('```sh exit=1,3', 'true', '(exit 3)', '```')).toBe('done')
  expect(await outcome('```sh exit=1', 'true', '```')).toMatchObject({ message: 'It ends with 0, and not with 1.' })
  expect(await outcome('```sh', 'no-such-command', '```')).toMatchObject({
    message: 'It ends with 127, and not with 0.',
    shown: ['bash: no-such-command: command not found'],
  })
})

test('a command that hangs is ended at the time limit, and named', async () => {
  const ran = await outcome('```sh', 'echo begun; sleep 600', '```')
  expect(ran).toMatchObject({ line: 3, command: 'echo begun; sleep 600', shown: ['begun'] })
  expect(String(ran)).toContain('It did not end (time limit: 1 s). The last line on the screen: begun')
  await shell.close()
  expect(shell.hasEnded()).toBe(true)
})

const ask = "read -p 'Are you sure? ' a; read -p 'Really? ' b; echo $a $b"

test('questions are answered when they are asked, in order', async () => {
  const ran = await outcome(
    ['```sh', ask, '```', '```answer', 'Are you sure? → yes', 'Really? → no', '```'],
    ['```output', 'Are you sure? yes', 'Really? no', 'yes no', '```'],
  )
  expect(ran).toBe('done')
})

test('a question that nobody answers is named at the time limit, and so is one that is never asked', async () => {
  const open = await outcome('```sh', ask, '```', '```answer', 'Are you sure? → y', '```')
  expect(String(open)).toMatch(/waits for an answer that the document does not give .* the screen: .*Really\?$/)
  expect(open).toMatchObject({ line: 3 })
  shell.type('\r')
  const never = await outcome('```sh', 'true', '```', '```answer', 'Are you sure? → y', '```')
  expect(never).toMatchObject({ message: 'It never asked "Are you sure?".', line: 6 })
})

test('an answer that is typed with one Enter too many leaves the next command alone', async () => {
  // It reads one key, as Prisma's questions do, and leaves the Enter to whoever comes next.
  const one = "stty raw -echo; printf 'Sure?'; dd bs=1 count=1 of=/dev/null 2>/dev/null; stty sane; echo"
  const ran = await outcome(
    ['```sh', one, 'echo next', '```', '```answer', 'Sure? → y', '```'],
    ['```output', 'Sure?', '…', 'next', '```'],
  )
  expect(ran).toBe('done')
})

test('a shell that is left is said', async () => {
  expect(await outcome('```sh', 'exit 0', '```')).toMatchObject({ message: 'The shell itself has ended.' })
})

const lockFile = ['--- /dev/null', '+++ b/prisma/migrations/<now>_toy/migration.sql', '@@ -0,0 +1 @@', '+SELECT 1;']

test('a diff makes the migration that a command names by its end', async () => {
  const ran = await outcome(
    ['```diff', ...lockFile, '```', '```sh', 'cat prisma/migrations/…_toy/migration.sql', '```'],
    ['```output', 'SELECT 1;', '```', '```diff', '--- a/prisma/migrations/…_toy/migration.sql'],
    ['+++ b/prisma/migrations/…_toy/migration.sql', '@@ -1 +1 @@', '-SELECT 1;', '+SELECT 2;', '```'],
    ['```sh', 'grep -c "SELECT 2" prisma/migrations/*_toy/migration.sql', 'rm -r prisma/migrations', '```'],
  )
  expect(ran).toBe('done')
  expect(walk.done).toEqual({ commands: 3, outputs: 1, edits: 2 })
})

test('a diff that does not apply is told in git’s words', async () => {
  const ran = await outcome('```diff', '--- a/README.md', '+++ b/README.md', '@@ -1 +1 @@', '-nothing', '+this', '```')
  expect(ran).toMatchObject({ message: 'The diff does not apply.', line: 3 })
  expect((ran as WalkthroughFailure).shown.join()).toContain('patch failed: README.md:1')
  const none = await outcome('```diff', 'words', '```')
  expect((none as WalkthroughFailure).shown.join()).toContain('No valid patches')
})

test('a section ends with the files of its step, and everything committed', async () => {
  const end = () => assertEnd(section('```sh', 'npm run check 00', '```'), first, ground)
  await end()
  writeFileSync(join(ground.folder, 'README.md'), 'Something else\n')
  await expect(end()).rejects.toMatchObject({ message: 'Not everything is committed.', shown: [' M README.md'] })
  writeFileSync(join(ground.folder, 'prisma', 'schema.prisma'), 'nothing\n')
  await expect(end()).rejects.toMatchObject({ message: 'The files are not those of step-00-two-databases.' })
  await ground.run('git', 'checkout', '--quiet', '.')
})

test('a section that does not type its check is checked all the same', async () => {
  const checked = assertEnd(section('```sh', 'npm run check 01', '```'), first, ground)
  // There are no servers here, so this check fails.
  await expect(checked).rejects.toMatchObject({ message: 'The step’s check fails.' })
})
