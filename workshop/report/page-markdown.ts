import { asCell, marks, proofWords, type Block, type Cell, type Page } from './page-blocks.ts'

/** The page as Markdown. What it quotes can neither be taken for HTML nor for Markdown. */
export function pageAsMarkdown({ title, lead, blocks }: Page): string {
  const parts = [`# ${escaped(title)}`, ...lead.map(escaped), ...blocks.flatMap(blockAsMarkdown)]
  return `${parts.join('\n\n')}\n`
}

function blockAsMarkdown(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
      return [`## ${escaped(block.text)}${block.proof ? ` (${proofWords[block.proof]})` : ''}`]
    case 'text':
      return [escaped(block.text)]
    case 'list':
      return [block.items.map((item) => `- ${cellText(item)}`).join('\n')]
    case 'table':
      return [escaped(`${block.caption}:`), tableAsMarkdown(block)]
    case 'code':
      return [fenced(block.text, block.lang)]
    case 'fold':
      return [`**${escaped(block.summary)}**`, ...block.blocks.flatMap(blockAsMarkdown)]
    case 'picture':
      return [escaped(block.words)]
  }
}

function tableAsMarkdown({ heads, rows }: Extract<Block, { kind: 'table' }>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads.map(escaped)), line(heads.map(() => '---')), ...rows.map((row) => line(row.map(cellText)))].join(
    '\n',
  )
}

function cellText(cell: string | Cell): string {
  const { text, mark, href } = asCell(cell)
  const words = href ? `[${escaped(text)}](${encodeURI(href)})` : escaped(text)
  return mark ? `${marks[mark]} ${words}` : words
}

/** A fence that is longer than any in the text. */
function fenced(text: string, lang: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${lang}\n${text.replace(/\n+$/, '')}\n${fence}`
}

function escaped(text: string): string {
  const line = text.replaceAll(/[\r\n]+/g, ' ')
  return line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*[\]|~]|(?<=\W|^)_|_(?=\W|$)/g, (sign) => `\\${sign}`)
    .replace(/^(#|\+|-|=|\d+[.)])/, '\\$1')
}
