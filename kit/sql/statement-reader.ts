/** What the statement being typed waits for, as psql's prompt shows it: `=` before its first word, `-` for its end. */
export type Waiting = '=' | '-' | "'" | '"' | '$' | '*' | '('

/**
 * Cuts typed text into statements where psql does: at a `;` outside quotes, comments, parentheses and the body of a
 * SQL function (`BEGIN ATOMIC … END`).
 */
export class StatementReader {
  #typed = ''
  #inside: { sign: Waiting; end: RegExp; depth: number } | undefined
  #parentheses = 0
  #words: string[] = []
  #blocks = 0

  /** Takes text up to a line's end and returns the statements that it completes. */
  feed(text: string): string[] {
    const statements: string[] = []
    for (let at = 0, piece: string; at < text.length; at += piece.length) {
      piece = this.#inside ? this.#leave(text, at) : this.#enter(text, at)
      if (this.#typed !== '' || piece.trim() !== '') this.#typed += piece
      if (piece === ';' && this.waiting === '-' && this.#blocks === 0) statements.push(this.clear())
    }
    return statements
  }

  /** Returns what was typed since the last whole statement, and forgets it. */
  clear(): string {
    const typed = this.#typed
    this.#typed = ''
    this.#inside = undefined
    this.#parentheses = this.#blocks = 0
    this.#words = []
    return typed
  }

  get waiting(): Waiting {
    if (this.#inside) return this.#inside.sign
    return this.#parentheses > 0 ? '(' : this.#typed === '' ? '=' : '-'
  }

  get isQuoted(): boolean {
    return this.#inside !== undefined
  }

  #enter(text: string, at: number): string {
    const piece = match(token, text, at)!
    if (piece === '(') this.#parentheses++
    else if (piece === ')') this.#parentheses = Math.max(0, this.#parentheses - 1)
    else if (/^\w/.test(piece)) this.#countBlocks(piece.toLowerCase())
    else if (piece === "'") this.#inside = { sign: "'", end: /[^']*'/y, depth: 1 }
    else if (piece === '"') this.#inside = { sign: '"', end: /[^"]*"/y, depth: 1 }
    else if (piece === '/*') this.#inside = { sign: '*', end: /[^]*?(?:\/\*|\*\/)/y, depth: 1 }
    else if (/^\$.*\$$/.test(piece)) this.#inside = { sign: '$', end: upTo(piece), depth: 1 }
    if (/^e'$/i.test(piece)) this.#inside = { sign: "'", end: /(?:[^'\\]+|\\[^]|'')*'(?!')/y, depth: 1 }
    return piece
  }

  #leave(text: string, at: number): string {
    const inside = this.#inside!
    const piece = match(inside.end, text, at)
    if (piece === undefined) return text.slice(at)
    inside.depth += inside.sign === '*' && piece.endsWith('/*') ? 1 : -1
    if (inside.depth === 0) this.#inside = undefined
    return piece
  }

  #countBlocks(word: string): void {
    this.#words.push(word)
    if (!/^create (or replace )?(function|procedure)\b/.test(this.#words.slice(0, 4).join(' '))) return
    if (word === 'begin' || (word === 'case' && this.#blocks > 0)) this.#blocks++
    if (word === 'end' && this.#blocks > 0) this.#blocks--
  }
}

const token = /--[^\n]*|\/\*|e'|[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$|\s+|[^]/iuy

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function upTo(end: string): RegExp {
  return new RegExp(`[^]*?${end.replaceAll('$', '\\$')}`, 'y')
}
