import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { lexer, type Tokens } from 'marked'
import pg from 'pg'
import { projectRoot } from '../../../kit/project/project.ts'
import { StatementReader } from '../../../kit/sql/statement-reader.ts'
import type { LabServer } from '../../../workshop/lab/lab-server.ts'
import { fillTemplate, freshPortal, portalDatabase } from '../../../workshop/lab/portal.ts'
import { SqlSession } from '../../../workshop/prompts/sql-session.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

const text = readFileSync(join(projectRoot, 'docs', 'lab.md'), 'utf8')
const code = lexer(text).filter((token): token is Tokens.Code => token.type === 'code')

let scratch: ScratchServer
beforeAll(async () => {
  scratch = await scratchServer()
  const server: LabServer = { url: (name) => scratch.url(name), folder: '', logFile: '', stop: async () => {} }
  await fillTemplate(server, 0.0005, { onRows() {}, say() {} })
  await freshPortal(server, 0.0005)
})
afterAll(() => scratch?.stop())

test('docs/lab.md: every statement on linked tables answers as it says there', async () => {
  const client = new pg.Client(scratch.url(portalDatabase))
  await client.connect()
  const lines: string[] = []
  const note = (line: string) => void lines.push(line)
  const session = new SqlSession(client, { print: note, complain: note })
  try {
    for (const [i, block] of code.entries()) {
      if (block.lang !== 'sql') continue
      lines.length = 0
      for (const sql of new StatementReader().feed(`${block.text}\n`)) await session.run(sql)
      const output = code[i + 1]!
      const plain = (all: string) =>
        all
          .split('\n')
          .map((line) => line.trimEnd())
          .join('\n')
          .trim()
      const answer = plain(lines.join('\n')).replace(/^SELECT \d+$/gm, 'SELECT …')
      expect(`${block.text}\n\n${answer}`).toBe(`${block.text}\n\n${plain(output.text)}`)
    }
  } finally {
    await client.end()
  }
})

test('docs/lab.md names every command of the lab', () => {
  for (const word of ['naive', 'expand', 'open', 'compare', 'remove']) expect(text).toContain(`npm run lab ${word}`)
  for (const word of ['rename', 'queue', 'index', 'type']) expect(text).toContain(`\`${word}\``)
})
