import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, readdirSync } from 'node:fs'
import { rootTest } from '../../support/conditions.ts'
import type { RunOptions } from '../../support/program.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

// What a learner writes in seeds/ is compiled when it runs.

let workshop: Workshop
beforeAll(() => {
  workshop = scratchWorkshop({ ports: false })
})
afterAll(() => workshop.remove())

function run(text: string, options: RunOptions = {}) {
  workshop.write('seeds/mine.ts', text)
  return workshop.exec(
    [process.execPath, 'kit/project/entry.mjs', 'workshop/seeding/seed-script', 'seeds/mine.ts'],
    options,
  )
}

test('a seed runs with all that it imports, whatever way it names it, and leaves nothing behind', async () => {
  workshop.write('seeds/names.ts', 'export const names: string[] = ["Ada", "Grace"]\n')
  const { code, output } = await run(`
    import { faker } from '@faker-js/faker'
    import { names } from './names.ts'
    import { names as again } from './names'
    console.log(names.join(), again === names, typeof faker.person.firstName(), await Promise.resolve('awaited'))
    console.log(import.meta.url)`)
  expect({ code, output }).toMatchObject({ code: 0 })
  const [words, url] = output.trim().split('\n')
  expect(words).toBe('Ada,Grace true string awaited')
  expect(url).toMatch(/^file:.*\/seeds\/mine\.ts$/)
  expect(readdirSync(workshop.file('.workshop/learner'))).toEqual([])
})

test('a seed that was written when the library stood elsewhere finds it, compiled and by tsx', async () => {
  const text = `import { seed } from '../workshop/course/seeding.ts'\nconsole.log(typeof seed)\n`
  expect(await run(text)).toEqual({ code: 0, output: 'function\n' })
  expect(await workshop.exec([process.execPath, '--import', 'tsx', 'seeds/mine.ts'])).toEqual({
    code: 0,
    output: 'function\n',
  })
})

test.each([
  ['a syntax error', 'const first = 1\nconst x: = 3\n', 'seeds/mine.ts:2:10: Unexpected "="'],
  [
    'an import of nothing',
    "import { x } from './nowhere.ts'\nx()\n",
    'seeds/mine.ts:1:19: Could not resolve "./nowhere.ts"',
  ],
  [
    'a name that a file does not have',
    "import { y } from './other.ts'\ny()\n",
    'seeds/mine.ts:1:10: No matching export',
  ],
  ['a syntax error in what it imports', "import './broken.ts'\n", 'seeds/broken.ts:2:1: Expected'],
])('%s is shown with its file and its line, and no trace of our programs', async (_, text, where) => {
  workshop.write('seeds/other.ts', 'export const x = 1\n')
  workshop.write('seeds/broken.ts', 'export {\n')
  const { code, output } = await run(text)
  expect(code).toBe(1)
  expect(output).toContain('✗ A seed cannot be read: nothing was added.')
  expect(output).toContain(where)
  expect(output).not.toMatch(/^ +at /m)
})

test('what a seed throws is shown with the line of its source', async () => {
  const { code, output } = await run('const a: number = 1\n\nthrow new RangeError(`on purpose ${a}`)\n')
  expect(code).toBe(1)
  expect(output).toContain('RangeError: on purpose 1')
  expect(output).toContain(`${workshop.file('seeds/mine.ts')}:3:7`)
  expect(readdirSync(workshop.file('.workshop/learner'))).toEqual([])
})

rootTest('in a folder that cannot be written, it runs all the same', async () => {
  const readOnly = scratchWorkshop({ ports: false })
  try {
    readOnly.write('seeds/mine.ts', "const word: string = 'ran'\nconsole.log(word)\n")
    const argv = [process.execPath, 'kit/project/entry.mjs', 'workshop/seeding/seed-script', 'seeds/mine.ts']
    expect(await readOnly.exec(argv, { uid: 65_534 })).toEqual({ code: 0, output: 'ran\n' })
    expect(existsSync(readOnly.file('.workshop'))).toBe(false)
  } finally {
    await readOnly.remove()
  }
})
