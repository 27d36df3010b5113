import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync } from 'node:fs'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import type { Env } from '../../../kit/database/target.ts'
import { must } from '../../support/measure.ts'
import { closeTerminals, enter, openTerminal } from '../../support/terminal.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await madeWorkshop()
  workshop.layStep(7)
})
afterAll(async () => {
  closeTerminals()
  await workshop?.remove()
})

const predict = (...words: string[]) => workshop.door('predict', ...words)
const hint = (...words: string[]) => workshop.door('hint', ...words)
const deploy = (env: Env) => applyMigrations(workshop.url(env), workshop.file('prisma/migrations'))
/** Each line without its time. */
const noted = () =>
  readFileSync(workshop.file('progress.txt'), 'utf8')
    .split('\n')
    .slice(1, -1)
    .map((line) => line.slice(22))

describe('without servers', () => {
  test('a guess is taken all the same, and what cannot be read is said', async () => {
    expect((await predict('08-query', 'b')).output).toContain('you think b')
    const { output, code } = await predict('08')
    expect({ output, code }).toMatchObject({
      code: 0,
      output: expect.stringContaining('What happened cannot be read: DEV is not there.'),
    })
    expect(output).toContain('npm run db up')
  })

  test('a hint is about the server first', async () => {
    const first = await hint('08')
    expect(first.output).toMatch(/hint 1 of 3/)
    expect((await hint('08'), await hint('08')).output).toContain('npm run db up')
  })

  test('an unknown step, an unknown choice, and a word too many are told', async () => {
    expect((await predict('99')).output).toContain('There is no step "99".')
    expect((await predict('08', 'z')).output).toContain('has no choice "z": nothing was noted.')
    expect((await predict('08', 'a', 'b')).output).toContain('There is no step "08-a-b".')
    expect((await hint('99')).output).toContain('There is no step "99".')
  })

  test('where nothing can be written, predict says so, and others do not', async () => {
    renameSync(workshop.file('progress.txt'), workshop.file('progress.aside'))
    renameSync(workshop.file('.workshop/progress.txt'), workshop.file('.workshop/progress.aside'))
    mkdirSync(workshop.file('progress.txt'))
    try {
      const { code, output } = await predict('08', 'a')
      expect({ code, output }).toMatchObject({
        code: 1,
        output: expect.stringContaining('Your guess could not be noted.'),
      })
      expect((await hint('08')).code).toBe(0)
    } finally {
      rmdirSync(workshop.file('progress.txt'))
      rmSync(workshop.file('progress.aside'))
      rmSync(workshop.file('.workshop/progress.aside'))
    }
  })
})

describe('steps 08 and 09, played with guesses and hints', () => {
  beforeAll(async () => {
    await must(workshop.door('db', 'up'))
    for (const env of ['dev', 'prod'] as const) {
      await deploy(env)
      await workshop.sql(
        env,
        `INSERT INTO recruits (first_name, surname, chatname, github_name, id_number, personal_email_address)
         SELECT 'First', 'Last', 'chat' || n, 'git-c25-' || n, n, n || '@example.com' FROM generate_series(1, 5) AS n`,
      )
    }
  })

  test('a question is shown with its choices, and nothing is said of its outcome', async () => {
    expect((await workshop.door('check')).output).toContain('Step 08-new-column-drift')
    const { output, code } = await predict()
    expect(code).toBe(0)
    expect(output).toContain('08-query\n  You add a column in SQL, by hand.')
    expect(output).toMatch(/^ {4}a {2}It works, /m)
    expect(output).not.toMatch(/✓|you think/)
    expect(noted()).toEqual(['08  check    missing  DEV: the tables are those of this step'])
  })

  test('guesses are taken in the order of the questions; what happens is said when it is there to be seen', async () => {
    const letters = { right: lettersOf('08-query').right, wrong: lettersOf('08-migrate').wrong }
    expect((await predict('08', letters.right)).output).toContain(`you think ${letters.right}`)
    await must(predict('08', letters.wrong))
    expect((await predict('08')).output).not.toContain('✓')
    await workshop.sql('dev', 'ALTER TABLE recruits ADD COLUMN chort TEXT')
    const { output } = await predict('08')
    expect(output).toContain(`✓ you thought ${letters.right}, and so it is`)
    // Nobody has asked for a migration yet.
    expect(output).toContain(`you think ${letters.wrong}; what happens is said when it can be seen`)
    expect((await predict('08-query', 'a')).output).toContain('What happened is known already, in 08-query')
  })

  test('the command itself has it noted, and check says why one thinks otherwise', async () => {
    await workshop.sql('dev', "UPDATE recruits SET chort = 'C25 Data Eng'")
    expect((await workshop.run('migrate', 'dev', '--name', 'look')).code).toBe(130)
    const { output } = await workshop.door('check', '08')
    expect(output).toContain('Your prediction')
    expect(output).toMatch(
      new RegExp(`≠ you thought ${lettersOf('08-migrate').wrong}, and it is ${lettersOf('08-migrate').right}`),
    )
    expect(output).toContain('next  npm run check 09')
  })

  test('hints go from where to look to what to type, and begin again when something else is missing', async () => {
    const [first, second, third, again] = [await hint('09'), await hint('09'), await hint('09'), await hint('09')]
    expect(first.output).toContain('hint 1 of 3\n  Read prisma/schema.prisma field by field.')
    expect(first.output).not.toContain('cohort')
    expect(second.output).toContain('It is the model, and no database: recruits: missing: column cohort')
    expect(third.output).toContain('Edit prisma/schema.prisma.')
    expect(again.output).toContain('hint 3 of 3')
    const model = readFileSync(workshop.file('prisma/schema.prisma'), 'utf8')
    workshop.write('prisma/schema.prisma', model.replace('\n  @@map', '  cohort String\n\n  @@map'))
    const next = await hint('09')
    expect(next.output).toContain('hint 1 of 3\n  The model tells one story')
  })

  test('and the file says exactly that', async () => {
    const of = lettersOf
    const tables = 'DEV: the tables are those of this step'
    const schema = 'FILES: prisma/schema.prisma says what this step says'
    expect(noted()).toEqual([
      `08  check    missing  ${tables}`,
      `08  predict  08-query  ${of('08-query').right}`,
      `08  predict  08-migrate  ${of('08-migrate').wrong}`,
      `08  outcome  08-query  ${of('08-query').right}`,
      '08  deploy   refused  DEV: stopped by Ctrl-C',
      `08  outcome  08-migrate  ${of('08-migrate').right}`,
      '08  check    done',
      `09  hint     1  ${schema}; found recruits: missing: column cohort`,
      `09  hint     2  ${schema}; found recruits: missing: column cohort`,
      `09  hint     3  ${schema}; found recruits: missing: column cohort`,
      expect.stringMatching(/^09 {2}hint {5}1 {2}FILES: prisma\/migrations, replayed from empty/),
    ])
  })

  test('what really happened counts, also where it is not the course’s way', async () => {
    await must(predict('09-prod', 'a'))
    workshop.write(
      'prisma/migrations/20250113090000_add_cohort/migration.sql',
      `ALTER TABLE "recruits" ADD COLUMN "cohort" TEXT NOT NULL DEFAULT 'C25 Data Eng';\n`,
    )
    await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
    const { output } = await predict('09-prod')
    // Nobody had to be refused: it went through, which is one of the wrong guesses.
    expect(output).toMatch(/✓ [a-c] {2}They go through, as on dev\./)
    expect(noted().slice(-3)).toEqual([
      '09  predict  09-prod  a',
      '09  deploy   applied  PROD: 20250113090000_add_cohort',
      expect.stringMatching(/^09 {2}outcome {2}09-prod {2}[a-c]$/),
    ])
  })

  test('a guess that cannot be looked at is in the way of no command', async () => {
    await must(predict('12-script', 'a'))
    const model = readFileSync(workshop.file('prisma/schema.prisma'), 'utf8')
    workshop.write('prisma/schema.prisma', model.replace('model Recruit {', 'model Recruit {\n  oops rocketchat_user'))
    const { code, output } = await workshop.door('check', '12')
    workshop.write('prisma/schema.prisma', model)
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringMatching(/✗ FILES .*\n +found {2}line \d+/),
    })
    expect(noted().at(-1)).not.toContain('outcome')
  })
})

test('at a terminal it asks, and Enter leaves a question for later', async () => {
  const terminal = openTerminal([process.execPath, 'workshop/run.mjs', 'predict', '11'], workshop.folder)
  await terminal.see('Your guess')
  terminal.type(`a${enter}`)
  await terminal.see('Your guess')
  terminal.type(enter)
  await terminal.see('you think a')
  expect(await terminal.left).toBe(0)
  expect(noted().at(-1)).toBe('11  predict  11-query  a')
})

test('a damaged file is said once, and its readable lines go on', async () => {
  appendFileSync(workshop.file('progress.txt'), 'I was here\n2026-11-26 05')
  const { output } = await predict('11-query', 'b')
  const [, kept = ''] = /progress\.txt had lines that nobody can read: it is kept as (\S+)/.exec(output) ?? []
  expect(readFileSync(workshop.file(kept), 'utf8')).toContain('I was here')
  expect(noted().filter((line) => line.includes('11-query'))).toEqual([
    '11  predict  11-query  a',
    '11  predict  11-query  b',
  ])
  expect((await predict('11-query', 'c')).output).not.toContain('nobody can read')
})

test('a fresh beginning begins the file anew, and keeps the old one', async () => {
  const { code, output } = await workshop.door('db', 'fresh')
  expect({ code, output }).toMatchObject({ code: 0 })
  const [, kept = ''] = /progress\.txt begins anew; what it noted is kept as (progress-\S+\.txt)/.exec(output) ?? []
  expect(readFileSync(workshop.file(kept), 'utf8')).toContain('predict  11-query  c')
  expect(existsSync(workshop.file('progress.txt'))).toBe(false)
})

/** By the words, since letters may be dealt anew. */
function lettersOf(id: string): { right: string; wrong: string } {
  const [step] = id.split('-')
  const words = { '08-query': 'does not show the new column', '08-migrate': 'writes nothing' }[id]!
  const section = readFileSync(workshop.file('WALKTHROUGH.md'), 'utf8')
    .split(/^## /m)
    .find((one) => one.startsWith(step!))!
  const right = new RegExp(`- \\*\\*([a-c])\\*\\* .*${words}`).exec(section)![1]!
  return { right, wrong: ['a', 'b', 'c'].find((letter) => letter !== right)! }
}
