import { lexer, type Token, type Tokens } from 'marked'
import { Problem } from '../../kit/terminal/problem.ts'
import { readFence, type Fence, type Lines } from './document-fence.ts'

/** What a learner types at a prompt, and what is expected of it. */
export interface Typed extends Lines {
  kind: 'sh' | 'sql' | 'js'
  env: 'dev' | 'prod'
  /** Exit codes that are expected: of a shell's last line, of a prompt as a whole. */
  exit: readonly number[]
  answers: readonly Answer[]
  output?: Lines
}

/** What a learner changes in a file: a unified diff. */
export interface Edit extends Lines {
  kind: 'diff'
}

export type Action = Typed | Edit

export interface Answer {
  line: number
  question: string
  answer: string
}

/** One step's section of the walkthrough. Lines are counted from 1, in the whole document. */
export interface Section {
  number: number
  title: string
  line: number
  /** Its Markdown, from its heading on. */
  text: string
  actions: readonly Action[]
}

/** Throws a Problem, with the line, for a code block that would be neither executed nor compared. */
export function parseDocument(text: string, name: string): Section[] {
  const sections: (Section & { actions: Action[] })[] = []
  let section: (Section & { actions: Action[] }) | undefined
  let line = 1
  let before: Fence | undefined
  for (const token of lexer(text.replaceAll(/\r\n?/g, '\n'))) {
    if (token.type === 'heading' && token['depth'] <= 2) {
      section = startSection(token as Tokens.Heading, line, name)
      if (section) sections.push(section)
      before = undefined
    }
    if (section) section.text += token.raw
    if (token.type === 'code') {
      const fence = readFence(token as Tokens.Code, { line, name })
      if (!section) throw notASection(fence, name)
      attach(fence, before, section.actions, name)
      before = fence
    } else {
      assertNoHiddenCode(token, line, name)
      // Words between a command and its output would hide which command is meant; blank lines and the fold do not.
      if (token.type !== 'space' && token.type !== 'html') before = undefined
    }
    line += token.raw.split('\n').length - 1
  }
  return sections
}

function startSection({ depth, text }: Tokens.Heading, line: number, name: string) {
  const [, number, title] = /^(\d\d) · (.+)$/.exec(text) ?? []
  if (depth === 2 && number && title) return { number: Number(number), title, line, text: '', actions: [] }
  if (depth === 1 || !/^\d/.test(text)) return undefined
  throw new Problem(`${name}:${line}: "## ${text}" is not the heading of a step.`, {
    why: 'A step’s section is found by its two digits.',
    next: 'Write it like  ## 05 · An email address: then a value for everyone',
  })
}

/** An answer and an output belong to the command before them; anything else is an action of its own. */
function attach(fence: Fence, before: Fence | undefined, actions: Action[], name: string): void {
  const last = actions.at(-1)
  const { line, lines } = fence
  switch (fence.kind) {
    case 'diff':
      actions.push({ kind: 'diff', line, lines })
      return
    case 'answer':
      if (before?.kind !== 'sh' || last?.kind !== 'sh')
        throw astray(fence, name, 'It stands directly after a sh block.')
      last.answers = lines.map((text, i) => readAnswer(text, line + i, name))
      return
    case 'output':
      if (!before || !last || last.kind === 'diff' || before.kind === 'output')
        throw astray(fence, name, 'It stands after a sh, sql or js block, with nothing but the fold between them.')
      last.output = { line, lines }
      return
    default:
      actions.push({ kind: fence.kind, line, lines, env: fence.env, exit: fence.exit, answers: [] })
  }
}

function readAnswer(text: string, line: number, name: string): Answer {
  const [, question, answer] = /^(.*\S) →(?: (.*))?$/.exec(text) ?? []
  if (question) return { line, question, answer: answer ?? '' }
  throw new Problem(`${name}:${line}: an answer without its question.`, {
    why: `The line is: ${text}`,
    next: 'Write it like  Are you sure you want to create and apply this migration? → y',
  })
}

/** In a list, a quotation, or HTML without blank lines around, a code block would be read and never run. */
function assertNoHiddenCode(token: Token, line: number, name: string): void {
  const isHidden = token.type === 'html' ? /^\s*(```|~~~)/m.test(token.raw) : holdsCode(token)
  if (!isHidden) return
  throw new Problem(`${name}:${line}: a code block inside of a ${token.type} is not executed.`, {
    why: 'Each code block is run or compared, so each stands by itself, at the left margin.',
    next: 'Take it out of the list or the quotation; after <details> and <summary>, leave a blank line.',
  })
}

function holdsCode(token: Token): boolean {
  const inside = [...('tokens' in token ? (token.tokens ?? []) : []), ...((token as Tokens.List).items ?? [])]
  return inside.some((one) => one.type === 'code' || holdsCode(one))
}

function notASection({ line }: Fence, name: string): Problem {
  return new Problem(`${name}:${line - 1}: a code block outside of a step’s section.`, {
    why: 'Each code block is run or compared, and only a section says at which step.',
    next: 'Move it below a heading like  ## 05 · An email address: then a value for everyone',
  })
}

function astray({ kind, line }: Fence, name: string, why: string): Problem {
  return new Problem(`${name}:${line - 1}: this ${kind} block belongs to no command.`, {
    why,
    next: 'Move it there, or take it out.',
  })
}
