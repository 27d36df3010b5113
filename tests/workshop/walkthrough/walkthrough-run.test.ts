import { afterAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../kit/project/project.ts'
import { hasPsql } from '../../../workshop/prompts/sql-psql.ts'
import { signalTest } from '../../support/conditions.ts'
import { scratchFolder } from '../../support/server.ts'
import type { Ran } from '../../support/program.ts'

// The command itself, on a document of one section, with real servers.

const folder = scratchFolder('toy walkthrough ')
const file = join(folder, 'TOY.md')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const toy = `# A toy

## 00 · Two databases, and a blank start

\`\`\`sh
npm start
git switch -c my-work step-00-two-databases
\`\`\`

\`\`\`output
…
Switched to a new branch 'my-work'
\`\`\`

\`\`\`sql env=prod
CREATE TABLE toys (id int);
SELECT count(*),
  'a long word that makes the table wider than the line of a terminal, which is broken, and one line again' AS "a word"
  FROM toys;
SELECT nothing;
\`\`\`

\`\`\`output
\`\`\`

\`\`\`js
const n = 40 +
  2
n
await prisma.$queryRaw\\\`SELECT 1 AS one\\\`
\`\`\`

\`\`\`output
\`\`\`

\`\`\`sql env=prod
DROP TABLE toys;
\`\`\`

\`\`\`sh
npm run db status
npm run check 00
\`\`\`

\`\`\`output
\`\`\`
`.replaceAll('\\`', '`')

function walkthrough(...flags: string[]) {
  const argv = [join(projectRoot, 'workshop', 'run.mjs'), 'walkthrough', file, '--to', '00', ...flags]
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, NO_COLOR: '1', TMPDIR: folder },
    detached: true,
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ran = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code: code ?? 128, output })))
  return { ran, pid: child.pid!, output: () => output }
}

/** The copies that stand there now. */
function grounds(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('workshop-walkthrough-'))
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('an empty output is recorded, in the document’s words', async () => {
  writeFileSync(file, toy)
  const { code, output } = await walkthrough('--record').ran
  expect(output).toContain('✓ 00 Two databases, and a blank start  14 commands, 4 outputs, 0 edits')
  expect(output).toMatch(/^14 commands, 4 outputs, 0 edits, 0 skipped {3}\d+ s$/m)
  expect(code).toBe(0)
  const recorded = readFileSync(file, 'utf8')
  expect(recorded).toContain('DEV   dev on 127.0.0.1:15431  PostgreSQL 18.4 · 0 migrations · 0 recruits')
  expect(recorded).toMatch(/^ count \| {40,}a word\n-{7}\+-{50,}\n {5}0 \| a long .* one line again\n\(1 row\)$/m)
  expect(recorded).toContain('ERROR:  column "nothing" does not exist\nLINE 1: SELECT nothing;\n               ^\n')
  expect(recorded).toContain('```output\n42\n[ { one: 1 } ]\n```')
  expect(recorded).toContain('All checks pass.')
})

test('what was recorded is found again, by two runs beside each other', async () => {
  const runs = await Promise.all([walkthrough().ran, walkthrough().ran])
  expect(runs.map(({ code, output }) => (code === 0 ? 'done' : output))).toEqual(['done', 'done'])
})

test('a changed word fails: section, line, command, what was expected and what came', async () => {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('0 migrations · 0 recruits', '1 migration · 0 recruits'))
  const { code, output } = await walkthrough().ran
  const line = text.split('\n').findIndex((one) => one.startsWith('DEV   dev on'))
  expect(code).toBe(1)
  expect(output).toContain('✗ 00 Two databases, and a blank start')
  expect(output).toContain(`TOY.md:${line + 1}  npm run db status`)
  expect(output).toContain('    - DEV   dev on 127.0.0.1:15431  PostgreSQL 18.4 · 1 migration · 0 recruits')
  expect(output).toContain('    + DEV   dev on 127.0.0.1:15431  PostgreSQL 18.4 · 0 migrations · 0 recruits')
  expect(output).toContain('next  npm run walkthrough -- --from 00 --to 00')
  writeFileSync(file, text)
})

test('where there is a psql, what it writes is compared too', async () => {
  const text = readFileSync(file, 'utf8')
  // Our own prompt knows psql's most used commands; this one it does not.
  const changed = text.replace(
    'DROP TABLE toys;\n```',
    '\\echo words\nDROP TABLE toys;\n```\n\n```output\nDROP TABLE\n```',
  )
  writeFileSync(file, changed)
  const { output } = await walkthrough().ran
  expect(output).toContain(hasPsql() ? 'psql, which is installed here, writes something else' : 'It writes something')
  writeFileSync(file, text)
})

signalTest('Ctrl-C leaves no folder and no server behind', async () => {
  const { ran, pid, output } = walkthrough()
  const server = () => join(folder, grounds()[0] ?? '', 'database-migrations', '.workshop', 'dev', 'postmaster.pid')
  while (!existsSync(server())) await new Promise((resolve) => setTimeout(resolve, 20))
  const [postmaster] = readFileSync(server(), 'utf8').split('\n')
  process.kill(-pid, 'SIGINT')
  expect((await ran).code).toBe(130)
  expect(output()).not.toContain('Error')
  expect(grounds()).toEqual([])
  // Whoever takes in orphans may be slow to notice that one has ended; a server that runs never does.
  while (isThere(Number(postmaster))) await new Promise((resolve) => setTimeout(resolve, 50))
})
