import type { Proof } from './report-data.ts'

/** A part of a page. Texts are plain: whoever renders them escapes them. */
export type Block =
  | { kind: 'heading'; text: string; proof?: Proof }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly (string | Cell)[] }
  | { kind: 'table'; caption: string; heads: readonly string[]; rows: readonly (string | Cell)[][] }
  | { kind: 'code'; text: string; lang: string }
  | { kind: 'fold'; summary: string; blocks: readonly Block[] }
  /** An SVG that we have drawn, and the same in words. */
  | { kind: 'picture'; svg: string; words: string }

export interface Cell {
  text: string
  mark?: 'good' | 'bad' | 'told'
  /** A file beside the page. */
  href?: string
}

export interface Page {
  title: string
  /** Below the title: what the page is, and when it was made. */
  lead: readonly string[]
  blocks: readonly Block[]
}

export const marks = { good: '✓', bad: '✗', told: '·' } as const

export const proofWords: Record<Proof, string> = {
  verified: 'verified by itself',
  told: 'only told',
}

export function good(text: string): Cell {
  return { text, mark: 'good' }
}

export function bad(text: string): Cell {
  return { text, mark: 'bad' }
}

export function judged(isGood: boolean, text: string): Cell {
  return isGood ? good(text) : bad(text)
}

export function told(text: string): Cell {
  return { text, mark: 'told' }
}

export function asCell(cell: string | Cell): Cell {
  return typeof cell === 'string' ? { text: cell } : cell
}
