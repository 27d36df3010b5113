import pc from 'picocolors'
import type { Problem } from './problem.ts'
import { wrap } from './wrap.ts'

/** A Problem as a learner sees it, in a terminal of `columns`; where there is none, lines stay whole. */
export function renderProblem(problem: Problem, columns?: number): string {
  const [first, ...rest] = problem.next
  const text = [
    '',
    `${pc.red('✗')} ${pc.bold(problem.message)}`,
    '',
    `  ${pc.dim('why ')}  ${indent(problem.why)}`,
    `  ${pc.dim('next')}  ${indent(first ?? '')}`,
    ...rest.map((line) => `        ${indent(line)}`),
    '',
  ].join('\n')
  // What is quoted, as a reason or a command of several lines, has lines of its own.
  return text
    .split('\n')
    .map((line) => wrap(line, columns))
    .join('\n')
}

function indent(text: string): string {
  return text.split('\n').join('\n        ').trimEnd()
}
