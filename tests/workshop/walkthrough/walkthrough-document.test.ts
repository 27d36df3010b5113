import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexer, type Tokens } from 'marked'
import { projectRoot } from '../../../kit/project/project.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { commandsOf } from '../../../workshop/walkthrough/run-action.ts'
import { documentPath, readSections } from '../../../workshop/walkthrough/run-walkthrough.ts'

const sections = readSections(documentPath, readSteps())
const text = readFileSync(documentPath, 'utf8')

/** The numbered instructions of the exercise, in its parts: how many each has. */
const parts: [part: string, instructions: string[]][] = [
  ['dev', numbered('dev ', 6)],
  ['prod', numbered('prod ', 2)],
  ['situation 1', numbered('situation 1.', 9)],
  ['situation 2', numbered('situation 2.', 9)],
  ['situation 3', numbered('situation 3.', 9)],
  ['the end', numbered('the end ', 4)],
  [
    'its rules',
    [
      'before 1',
      'before 2',
      'situation 1, the end',
      'situation 2, the end',
      'situation 3, the end',
      'all three, the rule',
    ],
  ],
]

test('a step says to make a migration by the name that its section types', () => {
  for (const { number, step } of readSteps()) {
    const named = step.todo.flatMap((line) => [...line.matchAll(/--name (\w+)/g)].map(([, name]) => name!))
    const typed = sections[number]!.actions.flatMap((action) => JSON.stringify(action).match(/--name \w+/g) ?? [])
    expect([step.title, named.filter((name) => !typed.includes(`--name ${name}`))]).toEqual([step.title, []])
  }
})

describe('the tables for the way', () => {
  const rowsOf = (markdown: string) =>
    (lexer(markdown).find((token) => token.type === 'table') as Tokens.Table).rows.map((cells) =>
      cells.map((cell) => cell.text),
    )

  test('each section has its minutes, and what it teaches', () => {
    const rows = rowsOf(text)
    expect(rows.map(([section]) => Number(section))).toEqual(sections.map(({ number }) => number))
    expect(rows.filter(([, minutes, taught]) => !(Number(minutes) >= 5) || !taught)).toEqual([])
  })

  test('the glossary names a section that has the word', () => {
    const rows = rowsOf(readFileSync(join(projectRoot, 'docs', 'glossary.md'), 'utf8'))
    expect(rows.length).toBeGreaterThan(25)
    const isThere = (words: string, section: number) =>
      words.split(', ').every((word) => sections[section]!.text.toLowerCase().includes(word.toLowerCase()))
    expect(rows.filter(([words, , section]) => !isThere(words!, Number(section))).map(([words]) => words)).toEqual([])
  })
})

describe('the table of instructions', () => {
  const table = lexer(text).findLast((token) => token.type === 'table') as Tokens.Table
  const rows = table.rows.map((cells) => {
    const [instruction, , section, command] = cells.map((cell) => cell.text.trim()) as [string, string, string, string]
    return { instruction, section: Number(section), command: command.replaceAll('`', '') }
  })

  test.each(parts)('has each instruction of %s', (_, instructions) => {
    const there = new Set(rows.map(({ instruction }) => instruction))
    expect(instructions.filter((instruction) => !there.has(instruction))).toEqual([])
  })

  test('names nothing that is not asked for, and keeps the order', () => {
    const known = parts.flatMap(([, instructions]) => instructions)
    expect(rows.filter(({ instruction }) => !known.includes(instruction))).toEqual([])
  })

  test('names for each one a command that its section really has', () => {
    const typed = (number: number) => {
      const { actions } = sections.find((section) => section.number === number)!
      return actions.flatMap((action) =>
        action.kind === 'sh' ? commandsOf(action).map((one) => one.text) : action.lines,
      )
    }
    expect(rows.filter(({ section, command }) => !typed(section).includes(command))).toEqual([])
  })
})

describe('each section', () => {
  test.each(sections.map(({ number, title, text: own }) => [number, title, own] as const))(
    '%p, %s: has its parts, in order',
    (number, _, own) => {
      const names = [
        '**You will see**',
        '**Predict.**',
        '**Do it.**',
        '**What happened.**',
        '**On prod.**',
        '**Check, commit.**',
      ]
      const places = names.map((name) => own.indexOf(name))
      expect(places.every((place, i) => place > (places[i - 1] ?? -1))).toBe(true)
      expect(own).toContain(`Tag: \`${readSteps().find((step) => step.number === number)!.tag}\``)
      expect(own).toContain(`npm run check ${String(number).padStart(2, '0')}`)
    },
  )
})

test('what the tools hide is taught: each of these stands in the document', () => {
  for (const words of [
    'Database schema is up to date',
    'No pending migrations to apply',
    'Drift detected',
    'P3018',
    'P3009',
    'P2022',
    'resolve --rolled-back',
    'resolve --applied',
    'shadow database',
    'was modified after it was applied',
    'DROP COLUMN',
    'RENAME COLUMN',
    'npm run drift',
    'npm run goto',
  ]) {
    expect(text.includes(words) ? '' : words).toBe('')
  }
})

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i + 1}`)
}
