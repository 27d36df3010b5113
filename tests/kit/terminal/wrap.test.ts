import { expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { Problem } from '../../../kit/terminal/problem.ts'
import { renderProblem } from '../../../kit/terminal/render-problem.ts'
import { wrap } from '../../../kit/terminal/wrap.ts'

test('a line that fits, and one that no terminal shows, stays as it is', () => {
  expect(wrap('  ✓ DEV    the tables are there', 40)).toBe('  ✓ DEV    the tables are there')
  expect(wrap('a '.repeat(100), undefined)).toBe('a '.repeat(100))
})

test('a long line is broken between words, and goes on below its own text', () => {
  expect(wrap('  ✗ FILES  one two three four five six', 24)).toBe(
    ['  ✗ FILES  one two three', '           four five six'].join('\n'),
  )
  expect(wrap('PROD  one two three four', 16)).toBe(['PROD  one two', '      three four'].join('\n'))
  expect(wrap('2026-01-05 09:30  one two three', 26)).toBe(
    ['2026-01-05 09:30  one two', '                  three'].join('\n'),
  )
  expect(wrap('    new in recruits: one, two', 26)).toBe(['    new in recruits: one,', '    two'].join('\n'))
  expect(wrap('  · one two three four', 16)).toBe(['  · one two', '    three four'].join('\n'))
})

test('colours take no room, and a word longer than the terminal is left whole', () => {
  expect(wrap('  \u001B[31m✗\u001B[39m one two', 11)).toBe('  \u001B[31m✗\u001B[39m one two')
  expect(wrap('see steps/12-renamed-column-model', 10)).toBe('see\nsteps/12-renamed-column-model')
})

test('a problem is broken at the terminal’s width too, below its own words', () => {
  const problem = new Problem('No.', { why: 'One two three four five six.', next: ['npm start', 'Then again, again.'] })
  // In CI there are colours.
  const lines = stripVTControlCharacters(renderProblem(problem, 20)).split('\n')
  expect(lines.filter((line) => line.length > 20)).toEqual([])
  expect(lines).toContain('        three four')
  expect(stripVTControlCharacters(renderProblem(problem))).toContain('why   One two three four five six.')
})
