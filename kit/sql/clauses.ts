import { tokensOf, type Token } from './tree.ts'

// Texts of a statement's parts, which its tree has not: cut out at the words that PostgreSQL's own scanner finds.

/** What stands in the parentheses after each CHECK of an ALTER TABLE, in order. */
export function checksIn(sql: string): string[] {
  const tokens = tokensOf(sql)
  return tokens.flatMap((token, i) => {
    if (!isWord(token, 'CHECK')) return []
    const [open, close] = parentheses(tokens, i)
    return [textBetween(sql, tokens[open]!.end, tokens[close]!.start)]
  })
}

/** Of each new type in an ALTER TABLE, in order: its name, and the expression that makes the value. */
export function newTypesIn(sql: string): { type: string; using: string | undefined }[] {
  return commandsOf(sql).flatMap((command) => {
    const isColumn = isWord(command[1], 'COLUMN')
    // ALTER, COLUMN where it is said, and the name: a column may be called type.
    const at = command.findIndex((token, i) => i > (isColumn ? 2 : 1) && isWord(token, 'TYPE'))
    if (!isWord(command[0], 'ALTER') || at < 0 || at > (isColumn ? 5 : 4)) return []
    const using = command.findIndex((token, i) => i > at && isWord(token, 'USING'))
    const collate = command.findIndex((token, i) => i > at && isWord(token, 'COLLATE'))
    const ends = [using, collate].filter((place) => place > 0)
    const text = (from: number, to: number) => textBetween(sql, command[from]!.start, command[to]!.end)
    return [
      {
        type: text(at + 1, Math.min(command.length, ...ends) - 1),
        using: using < 0 ? undefined : text(using + 1, command.length - 1),
      },
    ]
  })
}

/** The places of the first opening parenthesis from there on, and of the one that closes it. */
export function parentheses(tokens: readonly Token[], from: number): [open: number, close: number] {
  const open = tokens.findIndex(({ text }, i) => i >= from && text === '(')
  let depth = 0
  const close = tokens.findIndex(({ text }, i) => {
    if (i >= open) depth += text === '(' ? 1 : text === ')' ? -1 : 0
    return i >= open && depth === 0
  })
  return [open, close]
}

export function isWord(token: Token | undefined, word: string): boolean {
  return token?.text.toUpperCase() === word
}

/** Places are in bytes. */
export function textBetween(sql: string, from: number, to: number): string {
  return Buffer.from(sql).subarray(from, to).toString().trim()
}

/** The commands of an ALTER TABLE, without its beginning: what stands between commas that no parentheses hold. */
function commandsOf(sql: string): Token[][] {
  const tokens = tokensOf(sql).filter(({ text }) => text !== ';')
  let at = tokens.findIndex((token) => isWord(token, 'TABLE')) + 1
  while (['IF', 'EXISTS', 'ONLY'].some((word) => isWord(tokens[at], word))) at++
  while (tokens[at + 1]?.text === '.') at += 2
  at += tokens[at + 1]?.text === '*' ? 2 : 1
  const commands: Token[][] = [[]]
  let depth = 0
  for (const token of tokens.slice(at)) {
    depth += ['(', '['].includes(token.text) ? 1 : [')', ']'].includes(token.text) ? -1 : 0
    if (depth === 0 && token.text === ',') commands.push([])
    else commands.at(-1)!.push(token)
  }
  return commands
}
