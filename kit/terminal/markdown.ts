import { lexer, type Token, type Tokens } from 'marked'
import pc from 'picocolors'
import { stripVTControlCharacters } from 'node:util'

/** Markdown as lines for a terminal that is `width` columns wide: what a learner types stands out, what is folded is dim. */
export function renderMarkdown(text: string, width: number): string[] {
  const lines = lexer(text).flatMap((token) => block(token, width))
  // One blank line between two blocks, whatever the source has.
  return lines.filter((line, i) => line !== '' || (lines[i - 1] !== '' && i > 0))
}

function block(token: Token, width: number): string[] {
  switch (token.type) {
    case 'heading':
      return ['', pc.bold(inline(token)), '']
    case 'paragraph':
      return [...fill(inline(token), width), '']
    case 'code':
      return [...code(token as Tokens.Code), '']
    case 'list': {
      const { items, ordered } = token as Tokens.List
      const mark = (i: number) => (ordered ? `${i + 1}. ` : '- ')
      return [...items.flatMap((item, i) => hanging(mark(i), inline({ tokens: item.tokens }), width)), '']
    }
    case 'table':
      return [...rows(token as Tokens.Table, width), '']
    case 'blockquote':
      return [...hanging('  ', inline(token), width), '']
    case 'html': {
      const [, summary] = /<summary>(.*)<\/summary>/.exec(token.raw) ?? []
      return summary ? [pc.dim(`${summary}:`)] : []
    }
    default:
      return []
  }
}

/** A row a paragraph, as a terminal is too narrow for most tables: the first cell, and below it the others by their heads. */
function rows({ header, rows: all }: Tokens.Table, width: number): string[] {
  return all.flatMap(([first, ...cells]) => [
    ...hanging('- ', pc.bold(inline(first!)), width),
    ...cells.flatMap((cell, i) => hanging('    ', `${inline(header[i + 1]!)}: ${inline(cell)}`, width)),
  ])
}

function code({ lang = '', text }: Tokens.Code): string[] {
  const [kind] = lang.split(' ')
  const paint: (line: string) => string =
    kind === 'output'
      ? (line) => pc.dim(`  │ ${line}`)
      : kind === 'diff'
        ? (line) => `    ${coloured(line)}`
        : (line) => `    ${pc.cyan(line)}`
  return text.split('\n').map((line) => paint(line).trimEnd())
}

function coloured(line: string): string {
  if (/^(---|\+\+\+|@@)/.test(line)) return pc.dim(line)
  return line.startsWith('+') ? pc.green(line) : line.startsWith('-') ? pc.red(line) : line
}

function inline(token: { tokens?: Token[]; text?: string }): string {
  if (!token.tokens) return plain(token.text ?? '')
  return token.tokens.map(span).join('')
}

function span(token: Token): string {
  switch (token.type) {
    case 'strong':
      return pc.bold(inline(token as Tokens.Strong))
    case 'em':
      return pc.italic(inline(token as Tokens.Em))
    case 'codespan':
      return pc.cyan(plain((token as Tokens.Codespan).text))
    case 'br':
      return ' '
    default:
      return inline(token as Tokens.Text)
  }
}

/** Line ends of the source are spaces, and names of characters are the characters. */
function plain(text: string): string {
  const names: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" }
  return text.replaceAll('\n', ' ').replaceAll(/&(?:lt|gt|amp|quot|#39);/g, (name) => names[name]!)
}

/** Breaks text between words. */
function fill(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (lines.at(-1) === '' || stripVTControlCharacters(longer).length <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

function hanging(mark: string, text: string, width: number): string[] {
  return fill(text, width - mark.length).map((line, i) => `${i === 0 ? mark : ' '.repeat(mark.length)}${line}`)
}
