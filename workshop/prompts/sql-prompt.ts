import { createInterface, type Interface } from 'node:readline'
import type pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import { answerCommand, isCommand } from './sql-commands.ts'
import { historySize, keepHistory, readHistory } from './sql-history.ts'
import { SqlSession, type SqlPrompt } from './sql-session.ts'
import { StatementReader } from '../../kit/sql/statement-reader.ts'

export interface Keyboard {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream
  /** What is typed at a terminal is kept here. */
  historyFile: string
}

/** psql's place where there is no psql: reads statements from a terminal or a pipe, until `\q` or their end. */
export async function promptForSql(prompt: SqlPrompt, { input, output, historyFile }: Keyboard): Promise<void> {
  const terminal = input.isTTY === true
  const history = terminal ? readHistory(historyFile) : []
  const lines = createInterface({ input, output, terminal, history, historySize })
  if (terminal) keepHistory(lines, historyFile)
  const session = new SqlSession(prompt.client, prompt.paper)
  const reader = new StatementReader()
  const ask = () => terminal && showPrompt(lines, prompt, reader)
  const stopListening = onInterrupt(lines, async () => {
    if (session.isRunning) return cancel(prompt)
    reader.clear()
    lines.write(null, { ctrl: true, name: 'e' })
    lines.write(null, { ctrl: true, name: 'u' })
    output.write('^C\n')
    ask()
  })
  try {
    ask()
    for await (const line of lines) {
      if (/^\s*\\q/.test(line) && !reader.isQuoted) return
      if (terminal && reader.waiting === '=' && /^\s*(quit|exit)\s*;?\s*$/i.test(line)) return
      const isLost = terminal && reader.waiting === '=' && /^\s*help\s*;?\s*$/i.test(line)
      if (isLost) await answerCommand('\\?', prompt, reader)
      else if (isCommand(line) && !reader.isQuoted) await answerCommand(line.trim(), prompt, reader)
      else for (const sql of reader.feed(`${line}\n`)) await runOne(sql, session, prompt)
      ask()
    }
    if (terminal) output.write('\\q\n')
    else if (reader.waiting !== '=') await runOne(reader.clear(), session, prompt)
  } finally {
    stopListening()
    lines.close()
  }
}

/** Runs the text as `psql -c` does: all of it as one message, or one backslash command. False after an error. */
export async function runSql(sql: string, prompt: SqlPrompt): Promise<boolean> {
  if (isCommand(sql)) return answerCommand(sql.trim(), prompt, new StatementReader())
  const stopListening = onInterrupt(process, () => cancel(prompt))
  try {
    return await runOne(sql, new SqlSession(prompt.client, prompt.paper), prompt)
  } finally {
    stopListening()
  }
}

async function runOne(sql: string, session: SqlSession, { env, name }: SqlPrompt): Promise<boolean> {
  const isDone = await session.run(sql)
  if (!session.isLost) return isDone
  throw new Problem(`The connection to ${name ?? env.toUpperCase()} was lost.`, {
    why: 'The server stopped, or somebody ended this session. What was not committed is undone.',
    next: name ? `npm run lab open` : ['npm run db up', `npm run psql -- --env ${env}`],
  })
}

function showPrompt(lines: Interface, { env, name, client }: SqlPrompt, reader: StatementReader): void {
  const database = name ?? (client.database === env ? env : `${client.database} ${env.toUpperCase()}`)
  const transaction = { I: '', T: '*', E: '!' }[client.getTransactionStatus() ?? 'I']
  lines.setPrompt(`${database}${reader.waiting}${transaction}> `)
  lines.prompt()
}

/** Asks PostgreSQL to give up the statement that is running, as psql does at Ctrl-C. */
async function cancel({ client, connect, paper }: SqlPrompt): Promise<void> {
  paper.complain('Cancel request sent')
  const processId = (client as pg.Client & { processID: number }).processID
  try {
    const other = await connect()
    await other.query('SELECT pg_cancel_backend($1)', [processId])
    await other.end()
  } catch (error) {
    paper.complain(`Could not send cancel request: ${(error as Error).message}`)
  }
}

/** At a terminal, readline hears Ctrl-C in the process's place. */
function onInterrupt(where: Interface | NodeJS.Process, act: () => Promise<void> | void): () => void {
  const listener = () => void act()
  const source = where as NodeJS.EventEmitter
  source.on('SIGINT', listener)
  return () => source.off('SIGINT', listener)
}
