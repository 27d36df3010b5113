import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { renderMarkdown } from '../../../kit/terminal/markdown.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { must } from '../../support/measure.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await madeWorkshop()
})
afterAll(() => workshop?.remove())

test('a section is read by its number, slug or tag, without any database', async () => {
  await must(workshop.door('db', 'down'))
  const typed = [
    workshop.npm('run', 'read', '08'),
    workshop.door('read', 'new-column-drift'),
    workshop.run('read', 'step-08-new-column-drift'),
  ]
  for (const { code, output } of await Promise.all(typed)) {
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toContain('08 · Situation 1, a new column: drift, by hand')
    expect(output).toContain('    ALTER TABLE recruits ADD COLUMN chort TEXT;')
    expect(output).toContain('  │ UPDATE 5')
    expect(output).toContain('next  npm run check 08')
    expect(output).not.toMatch(/```|<details>|\*\*/)
  }
})

test('without a number it needs both databases, and says so', async () => {
  await must(workshop.door('db', 'down'))
  const down = await workshop.door('read')
  expect(down).toMatchObject({ code: 1, output: expect.stringContaining('Which section? DEV is not there.') })
  expect(down.output).toContain('npm run read 05')
  expect(await workshop.door('read', '99')).toMatchObject({
    code: 1,
    output: expect.stringContaining('There is no step "99".'),
  })
})

test('with them it is the section of the step that the learner is at', async () => {
  await must(workshop.door('db', 'up'))
  workshop.layStep(0)
  await must(workshop.door('db', 'reset'))
  expect((await workshop.door('read')).output).toContain('01 · Describe a recruit in the model')
  workshop.layStep(2)
  await applyMigrations(workshop.url('dev'), workshop.file('prisma/migrations'))
  expect((await workshop.door('read')).output).toContain('03 · Create the recruits of the C25')
})

test('text is broken between words at the width that there is', () => {
  const lines = renderMarkdown(
    '## A title\n\n**Bold** and `code`, in a line that is too long for thirty columns.\n\n- one\n- two &lt; three\n',
    30,
  )
  expect(lines.map((line) => stripVTControlCharacters(line))).toEqual([
    'A title',
    '',
    'Bold and code, in a line that',
    'is too long for thirty',
    'columns.',
    '',
    '- one',
    '- two < three',
    '',
  ])
})

test('a table is told row by row, and numbered lines keep their numbers', () => {
  const text = '1. One\n2. Two\n\n| | here | there |\n| --- | --- | --- |\n| order | the same | it depends |\n'
  expect(renderMarkdown(text, 80).map(stripVTControlCharacters)).toEqual([
    '1. One',
    '2. Two',
    '',
    '- order',
    '    here: the same',
    '    there: it depends',
    '',
  ])
})
