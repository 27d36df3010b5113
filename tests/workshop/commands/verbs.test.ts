import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../kit/project/project.ts'
import { assertNoSwallowedFlags } from '../../../kit/terminal/swallowed-flags.ts'
import { help, readWords } from '../../../kit/terminal/verb.ts'
import { collect } from '../../../kit/project/processes.ts'
import { groups, prismaFlags, verbs, type VerbName } from '../../../workshop/verbs.ts'

const names = Object.keys(verbs) as VerbName[]
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8')
const plain = { env: { ...process.env, NO_COLOR: '1' } }
const run = (...words: string[]) => collect([process.execPath, join('workshop', 'run.mjs'), ...words], plain)

describe('One record says all of a verb', () => {
  test('each is a script of package.json, and each script a verb', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const verbsRun = Object.values(scripts).flatMap((text) => /^node workshop\/run\.mjs (\w+)/.exec(text)?.[1] ?? [])
    // The old word answers with the new one.
    expect(new Set(verbsRun)).toEqual(new Set([...names, 'guard']))
    expect(Object.values(groups).flatMap(Object.keys)).toEqual(names)
  })

  test('each of a learner’s or a team’s has a row in the README’s table', () => {
    const rows = read('README.md').match(/^\| `npm (run )?[^|]+/gm)!
    const learners = names.filter((name) => !(name in groups['The workshop itself']))
    const hasRow = (name: string) => rows.some((row) => new RegExp(`^\\| \`npm (run )?${name}[: \`]`).test(row))
    expect(learners.filter((name) => !hasRow(name))).toEqual([])
  })

  test('what is said to explain it is a heading that is there', () => {
    for (const { read: where } of Object.values(verbs)) {
      const [, file, heading] = /^((?:docs\/)?\w+\.md)(?:, “(.+)”)?/.exec(where)!
      if (heading) expect(read(file!)).toMatch(new RegExp(`^#+ ${heading}$`, 'm'))
      for (const [number] of where.matchAll(/\b\d\d\b/g)) expect(read(file!)).toMatch(new RegExp(`^#+ ${number} `, 'm'))
    }
  })

  test.each(names)('%s: help has its flags and its examples, and each example is one that it takes', (name) => {
    const verb = verbs[name]
    const text = help(name, verb).join('\n')
    for (const flag of Object.keys(verb.options)) expect(text).toContain(`--${flag}`)
    for (const example of verb.examples) {
      expect(text).toContain(example)
      const words = example
        .replace(/^npm (run )?\w+(:\w+)?/, '')
        .split(' ')
        .filter((word) => word && word !== '--')
      if (!example.includes('"')) expect(() => readWords(name, verb, words)).not.toThrow()
    }
  })
})

describe('On a terminal', () => {
  test('--help anywhere on the line explains the verb and does nothing', async () => {
    const { code, output } = await run('db', 'reset', '--env', 'dev', '--help')
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('--disconnect') })
    expect(output).not.toMatch(/^DEV /m)
    expect((await run('migrate', '--env', 'prod', '-h')).output).toContain('npm run migrate -- deploy')
  })

  test('after a word of Prisma’s it is Prisma that is asked, and no database is touched', async () => {
    const { code, output } = await run('migrate', 'deploy', '--env', 'prod', '--help')
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('prisma migrate deploy') })
    expect(output).not.toMatch(/^PROD /m)
  })

  test('no verb at all lists them by use', async () => {
    const { code, output } = await run()
    expect(code).toBe(0)
    for (const title of [...Object.keys(groups), ...names]) expect(output).toContain(title)
  })

  test('an unknown verb is answered with the nearest one, and a very strange one with the list', async () => {
    expect(await run('drfit')).toMatchObject({ code: 1, output: expect.stringContaining('next  npm run drift') })
    const strange = await run('constructor')
    expect(strange).toMatchObject({ code: 1, output: expect.stringContaining('There is no command "constructor"') })
    expect(strange.output).toContain('next  node workshop/run.mjs')
  })

  test('the old word for a review answers with the new line, and judges nothing', async () => {
    const { code, output } = await run('guard', '--base', 'origin/main')
    expect({ code, output }).toMatchObject({
      code: 2,
      output: expect.stringContaining('"guard" is called "review" now'),
    })
    expect(output).toContain('next  npm run review -- --base origin/main')
  })
})

describe('Words that a verb does not know: nothing is done', () => {
  test.each([
    ['a flag that is nearly right', ['--jsn'], 'Did you mean --json?'],
    ['a flag of another verb', ['--random'], "Unknown option '--random'"],
    ['a flag twice', ['--env', 'dev', '--env', 'prod'], '--env stands there twice'],
    ['a value that is missing', ['--env'], 'argument missing'],
    ['a flag where a value should be', ['--env', '--json'], 'ambiguous'],
    ['a value that is empty', ['--env='], '--env has no value'],
    ['a value for a flag that takes none', ['--json=yes'], 'does not take an argument'],
    ['a word', ['prod'], "Unexpected argument 'prod'"],
  ])('%s', (_, args, why) => {
    const told = expect.objectContaining({ why: expect.stringContaining(why), exitCode: 1 })
    expect(() => readWords('drift', verbs.drift, args)).toThrow(told)
  })

  test('a review that was typed wrongly ends with 2: 1 would reject the branch', () => {
    const told = expect.objectContaining({ exitCode: 2 })
    expect(() => readWords('review', verbs.review, ['--bse', 'main'])).toThrow(told)
  })
})

describe('Flags that npm takes for itself', () => {
  const flags = Object.assign({}, ...Object.values(verbs).map(({ options }) => options), prismaFlags)

  test.each(Object.keys(flags))('--%s without -- before it is noticed', (flag) => {
    const env = { npm_lifecycle_event: 'x', [`npm_config_${flag.replaceAll('-', '_')}`]: 'true' }
    const told = expect.objectContaining({ message: `--${flag} did not reach the command: nothing was done.` })
    expect(() => assertNoSwallowedFlags('x', [], env, flags)).toThrow(told)
  })
})
