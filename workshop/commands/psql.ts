import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { stateDir } from '../../kit/project/project.ts'
import { promptForSql, runSql } from '../prompts/sql-prompt.ts'
import type { SqlPrompt } from '../prompts/sql-session.ts'
import { hasPsql, isInContainer, runContainerPsql, runPsql, type SqlInput } from '../prompts/sql-psql.ts'
import { chooseTarget, describeTarget, type Target } from '../../kit/database/target.ts'

interface Flags {
  env?: string
  command?: string[]
  file?: string[]
}

/** `npm run psql -- [--env dev|prod] [-c SQL]… [-f FILE]…`: psql, or our own small SQL prompt where there is none. */
export async function psql(flags: Flags): Promise<number> {
  const input = { commands: flags.command ?? [], files: (flags.file ?? []).map(readable) }
  const target = chooseTarget(flags.env)
  const isTyped = process.stdin.isTTY && input.commands.length === 0 && input.files.length === 0
  // What is asked with -c or through a pipe may go on to another program: there only the answer is wanted.
  const say = isTyped ? console.log : console.error
  say(describeTarget(target))
  const client = await connectTo(target)
  if (hasPsql()) return client.end().then(() => runPsql(target, input))
  if (await isInContainer(target)) return client.end().then(() => runContainerPsql(target, input))

  if (isTyped) say('There is no psql on this machine: this is a small prompt of our own. \\? for help, \\q to leave.')
  // As with psql, whoever reads the answer may stop early: `… | head`.
  process.stdout.once('error', () => process.exit(0))
  try {
    return await ownPrompt(input, target, {
      env: target.env,
      client,
      connect: () => connectTo(target),
      paper: { print: (line) => console.log(line), complain: (line) => console.error(line) },
    })
  } finally {
    await client.end()
  }
}

/** Returns psql's exit code: 1 when the last `-c` failed, 0 after errors in a file, a pipe or at the prompt. */
async function ownPrompt({ commands, files }: SqlInput, target: Target, prompt: SqlPrompt): Promise<number> {
  const keyboard = { output: process.stdout, historyFile: join(stateDir, `psql-history-${target.env}`) }
  let isDone = true
  for (const sql of commands) isDone = await runSql(sql, prompt)
  for (const file of files) await promptForSql(prompt, { ...keyboard, input: createReadStream(file) })
  if (commands.length + files.length === 0) await promptForSql(prompt, { ...keyboard, input: process.stdin })
  return isDone ? 0 : 1
}

function readable(file: string): string {
  if (existsSync(file)) return file
  throw new Problem(`There is no file ${file}.`, {
    why: 'psql -f reads its statements from it.',
    next: 'Look at the name, then type it again.',
  })
}
