import { lexer, type Token, type Tokens } from 'marked'

/** A part of a section as data. The page makes its own elements for it: no HTML of a document ever gets there. */
export type Block =
  | { kind: 'paragraph' | 'quote'; spans: Span[] }
  | { kind: 'list'; items: Span[][] }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] }
  | { kind: 'code'; language: string; isProd: boolean; lines: string[] }
  | { kind: 'fold'; summary: string; blocks: Block[] }

export interface Span {
  kind: 'text' | 'strong' | 'em' | 'code'
  text: string
}

/** A section of the walkthrough, without its heading. Of HTML it knows the fold alone; other HTML stays the text it is. */
export function sectionBlocks(markdown: string): Block[] {
  const blocks: Block[] = []
  let fold: { kind: 'fold'; summary: string; blocks: Block[] } | undefined
  for (const token of lexer(markdown)) {
    const [, summary] = /^<details><summary>(.*)<\/summary>\s*$/.exec(token.raw) ?? []
    if (summary !== undefined) {
      fold = { kind: 'fold', summary, blocks: [] }
      blocks.push(fold)
    } else if (/^<\/details>\s*$/.test(token.raw)) fold = undefined
    else (fold?.blocks ?? blocks).push(...block(token))
  }
  return blocks
}

function block(token: Token): Block[] {
  switch (token.type) {
    case 'space':
    case 'heading':
      return []
    case 'code': {
      const { lang = '', text } = token as Tokens.Code
      const [language = '', ...words] = lang.split(' ')
      return [{ kind: 'code', language, isProd: words.includes('env=prod'), lines: text.trimEnd().split('\n') }]
    }
    case 'list':
      return [{ kind: 'list', items: (token as Tokens.List).items.map(({ tokens }) => spans(tokens, 'text')) }]
    case 'table': {
      const { header, rows } = token as Tokens.Table
      const cells = (row: Tokens.TableCell[]) => row.map(({ tokens }) => spans(tokens, 'text'))
      return [{ kind: 'table', head: cells(header), rows: rows.map(cells) }]
    }
    case 'blockquote':
      return [{ kind: 'quote', spans: spans((token as Tokens.Blockquote).tokens, 'text') }]
    case 'paragraph':
      return [{ kind: 'paragraph', spans: spans((token as Tokens.Paragraph).tokens, 'text') }]
    default:
      return [{ kind: 'paragraph', spans: [{ kind: 'text', text: token.raw.trim() }] }]
  }
}

/** What is inside of something strong is strong, whatever else it is. */
function spans(tokens: readonly Token[], around: Span['kind']): Span[] {
  return tokens.flatMap((token) => {
    if (token.type === 'html') return [{ kind: around, text: token.raw }]
    const kind = kinds[token.type] ?? around
    if ('tokens' in token && token.tokens) return spans(token.tokens, kind)
    return [{ kind, text: token.type === 'br' ? ' ' : plain('text' in token ? String(token.text) : token.raw) }]
  })
}

const kinds: Record<string, Span['kind']> = { strong: 'strong', em: 'em', codespan: 'code' }

/** Line ends of the source are spaces, and names of characters are the characters. */
function plain(text: string): string {
  const names: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" }
  return text.replaceAll('\n', ' ').replaceAll(/&(?:lt|gt|amp|quot|#39);/g, (name) => names[name]!)
}
