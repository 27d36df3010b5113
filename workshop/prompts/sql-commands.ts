import type pg from 'pg'
import type { SqlPrompt } from './sql-session.ts'
import type { StatementReader } from '../../kit/sql/statement-reader.ts'

export function isCommand(line: string): boolean {
  return /^\s*\\/.test(line)
}

const help = `A small SQL prompt. It knows psql's most used commands:

  \\q            leave (Ctrl-D too)
  \\d            tables, views and sequences
  \\d NAME       columns, indexes and constraints of a table
  \\dt \\dn \\du  tables, schemas, roles; \\l databases, \\df functions
  \\d+ NAME      the same with more; \\sf NAME shows a function
  \\r            forget what was typed so far (Ctrl-C too)
  \\h ALTER TABLE  how an SQL command is written

A statement ends at its ";" and may take several lines.`

/** Answers a backslash command in psql's words. False when there is no such command, or it went wrong. */
export async function answerCommand(command: string, prompt: SqlPrompt, reader: StatementReader): Promise<boolean> {
  const { paper } = prompt
  if (command.startsWith('\\q')) return true
  if (command.startsWith('\\?')) return say(help, paper.print)
  if (/^\\r(eset)?$/.test(command)) {
    reader.clear()
    return say('Query buffer reset (cleared).', paper.print)
  }
  if (/^\\(d|l|z|s[fv]|h)/.test(command)) return lookUp(command, prompt)
  say(`invalid command ${command.split(/\s/)[0]}\nTry \\? for help.`, paper.complain)
  return false
}

/** `\d` and its family, with psql's own queries and tables, which the package psql-describe brings to JavaScript. */
async function lookUp(command: string, { client, paper }: SqlPrompt): Promise<boolean> {
  const psql = await import('psql-describe')
  const types = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig
  const ask = (text: string) => client.query({ text, rowMode: 'array', types })
  let isFound = true
  try {
    await psql.describe(command.replace(/;$/, ''), client.database ?? '', ask, (item) => {
      if (typeof item !== 'string') return say(`${psql.describeDataToString(item)}\n`, paper.print)
      isFound = !/^(ERROR|unsupported command|invalid command|Did not find)/.test(item)
      return say(item, isFound ? paper.print : paper.complain)
    }).promise
    return isFound
  } catch (error) {
    return !say(`ERROR:  ${(error as Error).message}`, paper.complain)
  }
}

function say(text: string, line: (line: string) => void): true {
  text.split('\n').forEach((each) => line(each.trimEnd()))
  return true
}
