import pc from 'picocolors'
import type { Problem } from './problem.ts'

/** A Problem as a learner sees it. */
export function renderProblem(problem: Problem): string {
  const [first, ...rest] = problem.next
  return [
    '',
    `${pc.red('✗')} ${pc.bold(problem.message)}`,
    '',
    `  ${pc.dim('why ')}  ${indent(problem.why)}`,
    `  ${pc.dim('next')}  ${indent(first ?? '')}`,
    ...rest.map((line) => `        ${indent(line)}`),
    '',
  ].join('\n')
}

function indent(text: string): string {
  return text.split('\n').join('\n        ').trimEnd()
}
