import pc from 'picocolors'
import { stripVTControlCharacters } from 'node:util'
import { wrap } from '../../kit/terminal/wrap.ts'
import { renderOutcome, renderQuestion } from './predict-lines.ts'
import type { Seen } from './follow.ts'
import { firstMissing, nextOf } from '../course/next-step.ts'
import { nameOf } from '../course/read-steps.ts'
import type { Hint } from './take-hint.ts'

/** Fewer columns would break each line in two or more. */
export const leastColumns = 50

/** What somebody has asked the screen for, beside what it always shows. */
export interface Asked {
  hint?: Hint
  /** The id of the question that waits for a letter. */
  question?: string
  /** One line about what was typed last. */
  said?: string
}

/** The whole screen, as lines that fit. */
export function watchLines(seen: Seen | undefined, asked: Asked, columns: number): string[] {
  const width = Math.min(columns, 100)
  if (!seen) return ['', 'Looking at your files and both databases …', '', ...keyLines(width)]
  const lines = [
    '',
    ...whereLines(seen, width),
    ...awayLines(seen),
    '',
    ...predictionLines(seen, asked, width),
    ...(asked.hint
      ? ['', pc.bold(`hint ${asked.hint.level} of 3`), ...asked.hint.words.map((line) => `  ${line}`)]
      : []),
    ...(asked.said ? ['', asked.said] : []),
    '',
    ...nextLines(seen),
    '',
    ...keyLines(width),
  ]
  return lines.flatMap((line) => fit(line, width))
}

function whereLines({ where, git, isLooking }: Seen, width: number): string[] {
  if (!where) return ['Which step you are at cannot be said yet.']
  const { result, states } = where
  const { state, results, apart, isDone } = result
  const at = states.indexOf(state)
  const isEnd = isDone && at === states.length - 1
  const branch = git ? `${git.branch}${git.changed > 0 ? `, ${git.changed} not committed` : ''}` : 'no git'
  const first = firstMissing(result)
  const passed = results.filter(({ found }) => found === undefined).length
  return [
    `${pc.bold(`Step ${nameOf(state.step)}`)}${isLooking ? pc.dim('   looking …') : ''}`,
    state.step.step.title,
    '',
    `${bar(isEnd ? at + 1 : at, states.length, Math.min(40, width - 22))}  ${isEnd ? at + 1 : at} of ${states.length} steps`,
    pc.dim(branch),
    '',
    ...(apart ? apart.lines : []),
    ...(!apart && first
      ? [
          `${pc.red('✗')} ${first.where.padEnd(5)}  ${first.what}`,
          `  ${pc.dim('found')}  ${first.found}`,
          pc.dim(`  ${passed} of ${results.length} checks pass`),
        ]
      : []),
    ...(!apart && !first
      ? [
          `${pc.green('✓')} ${isEnd ? 'The exercise is done, and PROD has lost nothing.' : 'All checks of this step pass.'}`,
        ]
      : []),
  ]
}

function bar(done: number, of: number, width: number): string {
  const full = Math.round((done / of) * width)
  return `${pc.green('█'.repeat(full))}${pc.dim('░'.repeat(width - full))}`
}

function awayLines({ away }: Seen): string[] {
  return Object.values(away).flatMap((problem) => [
    '',
    `${pc.red('✗')} ${problem.message}`,
    `  ${problem.why}`,
    `  ${pc.dim('Until it is there again, this shows what was seen last.')}`,
  ])
}

/** Those of this step: what waits, and what has come to light. */
function predictionLines({ where, answers }: Seen, { question: id }: Asked, width: number): string[] {
  const chosen = answers.find(({ question }) => question.id === id)
  if (chosen)
    return [...renderQuestion(chosen, width), pc.dim('a, b, c: your guess    p: the next question    Esc: back')]
  const own = answers.filter(({ question }) => question.step === where?.result.state.step.number)
  const open = own.filter(({ guess }) => !guess)
  return [
    `predictions  ${own.length - open.length} of ${own.length} made${open.length > 0 ? ', p for the next one' : ''}`,
    ...own.filter(({ guess }) => guess).flatMap((one) => [`  ${one.question.id}`, ...renderOutcome(one, width)]),
  ]
}

function nextLines({ where, away }: Seen): string[] {
  const [first] = Object.values(away).flatMap(({ next }) => next)
  if (first) return [`next  ${first}`]
  return where ? [`next  ${nextOf(where.result, where.states)}`] : []
}

function keyLines(width: number): string[] {
  const keys = [
    ['h', 'hint'],
    ['p', 'predict'],
    ['r', 'read'],
    ['l', 'list'],
    ['c', 'check all'],
    ['q', 'quit'],
  ]
  const lines = ['']
  for (const [key, word] of keys) {
    const one = `${pc.bold(key!)} ${word}`
    const longer = lines.at(-1) === '' ? one : `${lines.at(-1)}   ${one}`
    if (stripVTControlCharacters(longer).length <= width) lines[lines.length - 1] = longer
    else lines.push(one)
  }
  return lines
}

/** Wrapped between words; a word that is longer than the line is cut, since one line too long would upset all below it. */
function fit(line: string, width: number): string[] {
  return wrap(line, width)
    .split('\n')
    .flatMap((one) => {
      const plain = stripVTControlCharacters(one)
      if (plain.length <= width) return [one]
      return plain.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []
    })
}

/** All steps, as they were just found: those before this one are done, and of the end only a whole check says so. */
export function listLines({ where }: Seen, width: number): string[] {
  if (!where) return []
  const { result, states } = where
  const at = states.indexOf(result.state)
  const lines = states.map(({ step }, i) => {
    const mark = i < at || (i === at && result.isDone) ? pc.green('✓') : i === at ? '›' : ' '
    return `${mark} ${nameOf(step).split('-')[0]}  ${step.step.title}`
  })
  return ['', ...lines.flatMap((line) => fit(line, width)), '']
}
