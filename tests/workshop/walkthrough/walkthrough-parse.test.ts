import { afterAll, describe, expect, test } from '@jest/globals'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSections } from '../../../workshop/walkthrough/run-walkthrough.ts'
import { commandsOf } from '../../../workshop/walkthrough/run-action.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { parseDocument, type Typed } from '../../../workshop/walkthrough/document.ts'
import { scratchFolder } from '../../support/server.ts'

const parse = (...lines: string[]) => parseDocument(lines.join('\n'), 'TOY.md')
const section = (...lines: string[]) => parse('## 05 · A title', '', ...lines)

/** What a reader of the error sees. */
function complaint(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return `${(error as Error).message} ${(error as { why?: string }).why ?? ''}`
  }
  return 'nothing'
}

const whole = `# A walkthrough

Words.

## 00 · The first

**Do it**

\`\`\`sh exit=1,130
npm start
# a remark
npm run seed:c25 -- \\
  --env prod
\`\`\`

\`\`\`answer
Are you sure → really? → y
Enter a name →
\`\`\`

<details><summary>What you see</summary>

\`\`\`output
one

two
\`\`\`

</details>

## 01 · The second

\`\`\`diff
--- a/x
+++ b/x
\`\`\`

### On prod

\`\`\`sql env=prod
\\d recruits
\`\`\`

## The end

No section of a step.
`

describe('a document', () => {
  const sections = parseDocument(whole, 'TOY.md')

  test('is read as sections with what a learner does, and with the line of each', () => {
    expect(sections.map(({ number, title, line }) => [number, title, line])).toEqual([
      [0, 'The first', 5],
      [1, 'The second', 31],
    ])
    expect(sections.map(({ actions }) => actions.map(({ kind, line }) => [kind, line]))).toEqual([
      [['sh', 10]],
      [
        ['diff', 34],
        ['sql', 41],
      ],
    ])
    expect(sections[1]!.text).toContain('### On prod')
    expect(sections[1]!.text).not.toContain('The end')
  })

  test('has answers and outputs that belong to the command before them', () => {
    const [typed] = sections[0]!.actions as Typed[]
    expect(typed).toMatchObject({ exit: [1, 130], env: 'dev', output: { line: 24, lines: ['one', '', 'two'] } })
    expect(typed!.answers).toEqual([
      { line: 17, question: 'Are you sure → really?', answer: 'y' },
      { line: 18, question: 'Enter a name', answer: '' },
    ])
    expect(sections[1]!.actions[1]).toMatchObject({ env: 'prod', exit: [0] })
  })

  test('has one command a line, but for lines that end in a backslash, and for remarks', () => {
    expect(commandsOf(sections[0]!.actions[0] as Typed)).toEqual([
      { line: 10, text: 'npm start' },
      { line: 12, text: 'npm run seed:c25 -- --env prod' },
    ])
  })

  test('is the same with the line ends of Windows', () => {
    expect(parseDocument(whole.replaceAll('\n', '\r\n'), 'TOY.md')).toEqual(sections)
  })
})

describe('what would not be executed is an error that names the line', () => {
  test.each([
    ['an unknown type', ['```bash', 'ls', '```'], 'TOY.md:3', '"bash" is not a type'],
    ['no type', ['```', 'ls', '```'], 'TOY.md:3', '"" is not a type'],
    [
      'an unknown word behind the type',
      ['```sh env=prod', '```'],
      'TOY.md:3',
      '"env=prod" means nothing on a sh block',
    ],
    ['an exit code that is none', ['```sh exit=no', '```'], 'TOY.md:3', 'There may stand: exit=1'],
    ['an environment that is none', ['```js env=test', '```'], 'TOY.md:3', '"env=test" means nothing'],
    ['a block without an end', ['```sh', 'ls'], 'TOY.md:3', 'has no end'],
    ['a block in a list', ['- x', '  ```sh', '  ls', '  ```'], 'TOY.md:3', 'inside of a list'],
    ['a block in a quotation', ['> ```sh', '> ls', '> ```'], 'TOY.md:3', 'inside of a blockquote'],
    ['a block that HTML takes in', ['<details>', '```output', '```', '</details>'], 'TOY.md:3', 'inside of a html'],
    ['an indented block', ['words', '', '    npm start'], 'TOY.md:5', 'An indented block has no type'],
    ['an output without a command', ['```output', '```'], 'TOY.md:3', 'this output block belongs to no command'],
    ['an output after words', ['```sh', 'ls', '```', 'x', '```output', '```'], 'TOY.md:7', 'belongs to no command'],
    ['an output of a diff', ['```diff', '```', '```output', '```'], 'TOY.md:5', 'belongs to no command'],
    ['two outputs', ['```sh', '```', '```output', '```', '```output', '```'], 'TOY.md:7', 'belongs to no command'],
    ['an answer to nobody', ['```sql', '```', '```answer', 'a → b', '```'], 'TOY.md:5', 'directly after a sh block'],
    ['an answer without a question', ['```sh', '```', '```answer', 'yes', '```'], 'TOY.md:6', 'without its question'],
  ])('%s', (_, lines, where, what) => {
    const said = complaint(() => section(...lines))
    expect(said).toContain(where)
    expect(said).toContain(what)
  })

  test('a block before the first section, or after the last', () => {
    expect(complaint(() => parse('# A', '```sh', '```'))).toContain('TOY.md:2: a code block outside of a step')
    expect(complaint(() => parse(whole, '```sh', '```'))).toContain('outside of a step')
  })

  test('a heading that looks like a step’s and is not', () => {
    expect(complaint(() => parse('## 5. An email'))).toContain(
      'TOY.md:1: "## 5. An email" is not the heading of a step',
    )
  })
})

describe('sections and steps belong together', () => {
  const steps = readSteps().slice(0, 3)
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true }))
  const read = (...headings: string[]) => {
    const file = join(folder, 'TOY.md')
    writeFileSync(file, headings.map((heading) => `## ${heading}\n`).join('\n'))
    return complaint(() => readSections(file, steps))
  }
  const [first, second, third] = steps.map(({ number, step }) => `0${number} · ${step.title}`) as [
    string,
    string,
    string,
  ]

  test('one for each, in order, is right', () => {
    expect(read(first, second, third)).toBe('nothing')
  })

  test('a section without a step, with another title, twice, or out of order is named with its line', () => {
    expect(read(first, second, third, '99 · More')).toContain('TOY.md:7: there is no step 99')
    expect(read(first, '01 · Something else', third)).toContain('TOY.md:3: the step 01 has another title')
    expect(read(first, first, second, third)).toContain('TOY.md:3: the section 00 stands at the wrong place')
    expect(read(second, first, third)).toContain('TOY.md:3: the section 00 stands at the wrong place')
  })

  test('a step without a section is named', () => {
    expect(read(first, third)).toContain('TOY.md has no section for step-01-recruit-model')
  })
})
