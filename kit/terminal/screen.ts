/**
 * What a terminal shows after these characters, as lines: carriage returns, moves and erasures are carried out, colours
 * are left out. The screen never scrolls away, and a line that was too long for `columns` is one line again.
 */
export function renderScreen(raw: string, columns: number): string[] {
  const screen = new Screen(columns)
  for (const [piece, control, final] of raw.matchAll(pieces)) {
    if (final !== undefined) screen.obey(final, control!)
    else if (!piece.startsWith('\x1b')) screen.put(piece)
  }
  return screen.lines()
}

// A control sequence; a title or a link; another escape; one sign of text.
// oxlint-disable-next-line no-control-regex
const pieces = /\x1b\[([\d;?<=>]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[^]/gu

class Screen {
  #rows: string[][] = [[]]
  /** Rows that go on in the next one, because they were full. */
  #full = new Set<number>()
  #row = 0
  #column = 0
  readonly #columns: number

  constructor(columns: number) {
    this.#columns = columns
  }

  put(sign: string): void {
    if (sign === '\n') this.#down(1)
    else if (sign === '\r') this.#column = 0
    else if (sign === '\b') this.#column = Math.max(0, this.#column - 1)
    else if (sign === '\t') this.#column = Math.min(this.#columns - 1, (Math.floor(this.#column / 8) + 1) * 8)
    else if (sign >= ' ' && sign !== '\x7f') this.#write(sign)
  }

  obey(final: string, control: string): void {
    const n = Number.parseInt(control) || 0
    if (final === 'A') this.#row = Math.max(0, this.#row - Math.max(1, n))
    else if (final === 'B') this.#down(Math.max(1, n))
    else if (final === 'C') this.#column = Math.min(this.#columns - 1, this.#column + Math.max(1, n))
    else if (final === 'D') this.#column = Math.max(0, this.#column - Math.max(1, n))
    else if (final === 'E' || final === 'F') {
      this.obey(final === 'E' ? 'B' : 'A', control)
      this.#column = 0
    } else if (final === 'G') this.#column = Math.min(this.#columns, Math.max(1, n)) - 1
    else if (final === 'K') this.#eraseLine(n)
    else if (final === 'J') this.#eraseScreen(n)
  }

  lines(): string[] {
    const lines: string[] = []
    let text = ''
    for (const [i, row] of this.#rows.entries()) {
      text += Array.from(row, (sign) => sign ?? ' ').join('')
      if (this.#full.has(i) && i + 1 < this.#rows.length) continue
      lines.push(text.trimEnd())
      text = ''
    }
    return lines
  }

  #write(sign: string): void {
    if (this.#column >= this.#columns) {
      this.#full.add(this.#row)
      this.#down(1)
      this.#column = 0
    }
    this.#rows[this.#row]![this.#column++] = sign
  }

  #down(by: number): void {
    this.#row += by
    while (this.#rows.length <= this.#row) this.#rows.push([])
  }

  #eraseLine(how: number): void {
    const row = this.#rows[this.#row]!
    if (how === 0) row.length = Math.min(row.length, this.#column)
    else if (how === 1) row.fill(' ', 0, this.#column + 1)
    else row.length = 0
    if (how !== 1) this.#full.delete(this.#row)
  }

  /** From the cursor on; a whole screen that is wiped starts anew, since here nothing scrolls. */
  #eraseScreen(how: number): void {
    if (how >= 2) {
      this.#rows = [[]]
      this.#full.clear()
      this.#row = this.#column = 0
    } else if (how === 0) {
      this.#eraseLine(0)
      this.#rows.length = this.#row + 1
      for (const row of this.#full) if (row >= this.#row) this.#full.delete(row)
    }
  }
}
