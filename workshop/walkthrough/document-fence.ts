import type { Tokens } from 'marked'
import { Problem } from '../../kit/terminal/problem.ts'

/** Lines of the document; `line` is the number of the first one. */
export interface Lines {
  line: number
  lines: readonly string[]
}

/** A fenced code block: what its info string says, and its lines. */
export interface Fence extends Lines {
  kind: Kind
  env: 'dev' | 'prod'
  exit: readonly number[]
}

export type Kind = keyof typeof options

/** What may stand behind the first word of a fence. */
const options = {
  sh: ['exit'],
  sql: ['env', 'exit'],
  js: ['env', 'exit'],
  answer: [],
  diff: [],
  output: [],
} as const

/** Throws a Problem for a word that nobody would execute. `line` is the line of the fence itself. */
export function readFence(token: Tokens.Code, { line, name }: { line: number; name: string }): Fence {
  const where = `${name}:${line}`
  if (token.codeBlockStyle === 'indented') throw unknown(where, 'An indented block has no type.')
  const [kind = '', ...words] = (token.lang ?? '').trim().split(/\s+/)
  if (!isKind(kind)) throw unknown(where, `"${kind}" is not a type of code block.`)
  if (!/\n *(`{3,}|~{3,})\s*$/.test(token.raw)) {
    throw new Problem(`${where}: the ${kind} block has no end.`, {
      why: 'Without a closing fence it would take in the rest of the document.',
      next: 'Close it with a line of ```',
    })
  }
  const fence = { kind, line: line + 1, lines: token.raw.trimEnd().split('\n').slice(1, -1) }
  const values = new Map(words.map((word) => readOption(word, kind, where)))
  return {
    ...fence,
    env: values.get('env') === 'prod' ? 'prod' : 'dev',
    exit: values.get('exit')?.split(',').map(Number) ?? [0],
  }
}

function isKind(word: string): word is Kind {
  return Object.hasOwn(options, word)
}

function readOption(word: string, kind: Kind, where: string): [string, string] {
  const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(word) ?? []
  const isKnown = (options[kind] as readonly string[]).includes(name)
  const isMeant = name === 'env' ? /^(dev|prod)$/.test(value) : /^\d{1,3}(,\d{1,3})*$/.test(value)
  if (isKnown && isMeant) return [name, value]
  throw new Problem(`${where}: "${word}" means nothing on a ${kind} block.`, {
    why: `There may stand: ${options[kind].map((one) => (one === 'env' ? 'env=prod' : 'exit=1')).join(', ') || 'nothing'}.`,
    next: 'Correct the word, or take it out.',
  })
}

function unknown(where: string, why: string): Problem {
  return new Problem(`${where}: a code block that is neither run nor compared.`, {
    why: `${why} The types are: ${Object.keys(options).join(', ')}.`,
    next: 'Give the block one of these types, or write it as text.',
  })
}
