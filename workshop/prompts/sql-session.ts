import type { EventEmitter } from 'node:events'
import type pg from 'pg'
import { messageLines, type ServerMessage } from './sql-message.ts'
import { alignedTable, type Column } from './sql-table.ts'

/** What psql would have been given. */
export interface SqlPrompt {
  env: 'dev' | 'prod'
  /** What the prompt calls the database, where it is neither of the two. */
  name?: string
  client: pg.Client
  /** Opens one more connection: a running statement is cancelled through it. */
  connect(): Promise<pg.Client>
  paper: Paper
}

/** Where a session writes whole lines: results, and what went wrong. */
export interface Paper {
  print: (line: string) => void
  complain: (line: string) => void
}

/** A connection that says what it does in psql's words. */
export class SqlSession {
  #sql = ''
  isRunning = false
  isLost = false
  readonly client: pg.Client
  readonly #paper: Paper

  constructor(client: pg.Client, paper: Paper) {
    this.client = client
    this.#paper = paper
    client.on('notice', (notice) => this.#tell(notice))
    client.on('end', () => (this.isLost = true))
  }

  /** Sends the text as one message, so that several statements in it stand or fall together. False after an error. */
  async run(sql: string): Promise<boolean> {
    this.#sql = sql
    this.isRunning = true
    const error = await new Promise<ServerMessage | undefined>((done) => {
      this.client.query(new Printing(sql, this.#paper, done))
    })
    this.isRunning = false
    if (error && !error.severity) this.isLost = true
    else if (error) this.#tell(error)
    return !error
  }

  #tell(said: ServerMessage): void {
    if (said.severity === 'FATAL') this.isLost = true
    for (const line of messageLines(said, this.#sql)) this.#paper.complain(line)
  }
}

/**
 * A query whose results are printed as they come. The driver's own keeps only the first word of `ALTER TABLE` and
 * turns values into JavaScript's; here PostgreSQL's text is wanted, as it is.
 */
class Printing implements pg.Submittable {
  #columns: Column[] | undefined
  #rows: (string | null)[][] = []
  #isCopy = false
  readonly #sql: string
  readonly #paper: Paper
  readonly #done: (error?: ServerMessage) => void

  constructor(sql: string, paper: Paper, done: (error?: ServerMessage) => void) {
    this.#sql = sql
    this.#paper = paper
    this.#done = done
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql)
  }

  handleRowDescription({ fields }: { fields: Column[] }): void {
    this.#columns = fields
    this.#rows = []
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#rows.push(fields)
  }

  handleCommandComplete({ text }: { text: string }): void {
    const columns = this.#columns
    this.#columns = undefined
    if (columns) [...alignedTable(columns, this.#rows), ''].forEach((line) => this.#paper.print(line))
    if (!this.#isCopy && (!columns || /^(INSERT|UPDATE|DELETE|MERGE)/.test(text))) this.#paper.print(text)
    this.#isCopy = false
  }

  handleEmptyQuery(): void {}

  handleCopyInResponse(connection: { sendCopyFail(why: string): void }): void {
    connection.sendCopyFail('this prompt cannot read data for COPY; use INSERT')
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#isCopy = true
    this.#paper.print(chunk.toString().replace(/\n$/, ''))
  }

  handleError(error: ServerMessage, connection: EventEmitter): void {
    // Only the server's "ready" tells whether a transaction is still open, and it follows the error.
    if (error.severity === 'ERROR') connection.once('readyForQuery', () => this.#done(error))
    else this.#done(error)
  }

  handleReadyForQuery(): void {
    this.#done()
  }
}
