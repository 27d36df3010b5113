import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { releaseBed, type ReleaseBed, releaseWords } from '../../support/release-bed.ts'
import { closeTerminals, ctrlC, enter, openTerminal } from '../../support/terminal.ts'

// What the models leave open is asked, and answered at a terminal or with flags.

let bed: ReleaseBed
let before: unknown
beforeAll(async () => {
  bed = await releaseBed(30)
})
beforeEach(async () => {
  bed.reset()
  before = await bed.prod()
})
afterEach(async () => {
  closeTerminals()
  expect(await bed.prod()).toEqual(before)
  expect(await bed.leftOnDev()).toEqual([])
})
afterAll(() => bed?.remove())

const atTerminal = () => openTerminal([process.execPath, 'workshop/run.mjs', ...releaseWords], bed.folder)

describe('never guesses:', () => {
  test('all questions are told at once where nobody can be asked, with the words to type', async () => {
    bed.change(['fullName String', 'wholeName String'], [/ {2}nick .*\n/, '  city String\n'])
    const output = await bed.refused()
    expect(output).toContain(
      'PROD has mentors.fullName, and schema.prisma has wholeName in its place. Both are text, required',
    )
    expect(output).toContain('The column mentors.nick of PROD is not in schema.prisma. It holds 2 values.')
    expect(output).toContain('mentors.city is to be text, required. 3 rows of PROD have no value for it.')
    expect(output).toContain(
      `next  npm run release -- --env prod --name change --rename mentors.fullName=wholeName --drop mentors.nick --backfill "mentors.city='…'"`,
    )
  })

  test('an answer with quotes of its own is repeated as a shell takes it', async () => {
    bed.change(['nick     String?', 'nick     String?\n  city String'], [/ {2}note .*\n/, ''])
    const output = await bed.refused('--backfill', 'mentors.city="fullName"')
    expect(output).toContain('--backfill "mentors.city=\\"fullName\\"" --drop visits.note\n')
  })

  test('at a terminal it asks, one after the other, and goes by the answers', async () => {
    bed.change(['fullName String', 'wholeName String'], [/ {2}nick .*\n/, '  city String\n'])
    const at = atTerminal()
    await at.see('Is it the same one, under a new name? [y/N]')
    at.type(`y${enter}`)
    await at.see('It holds 2 values.')
    await at.see('Archive them, and drop the column? [y/N]')
    at.type(`y${enter}`)
    await at.see('An SQL expression for them')
    at.type(`'nowhere'${enter}`)
    await at.see('next  npm run migrate -- deploy --env prod')
    expect(await at.left).toBe(0)
    expect(bed.folders().filter((name) => name.includes('_change'))).toHaveLength(4)
  })

  test.each([
    [
      'no to a drop',
      [/ {2}nick .*\n/, ''],
      'drop the column? [y/N]',
      'n',
      'mentors.nick stays, and schema.prisma does not have it',
    ],
    [
      'nothing for a value',
      ['nick     String?', 'city String\n  nick String?'],
      'An SQL expression',
      '',
      '3 rows of PROD would have no value',
    ],
    [
      'two expressions for a value',
      ['nick     String?', 'city String\n  nick String?'],
      'An SQL expression',
      "'x'); DROP TABLE visits; --",
      'is no SQL expression',
    ],
  ] as const)('%s ends it', async (_, changed, question, answer, words) => {
    bed.change([changed[0], changed[1]])
    const head = bed.git('rev-parse', 'HEAD')
    const at = atTerminal()
    await at.see(question)
    at.type(`${answer}${enter}`)
    await at.see('Nothing was released')
    await at.see(words)
    expect(await at.left).toBe(1)
    expect(bed.git('rev-parse', 'HEAD')).toBe(head)
  })

  test('a rename that is denied is a drop and a new column, and both are asked', async () => {
    bed.change(['fullName String', 'wholeName String'])
    const at = atTerminal()
    await at.see('under a new name? [y/N]')
    at.type(`n${enter}`)
    await at.see('The column mentors.fullName of PROD is not in schema.prisma.')
    at.type(ctrlC)
    expect(await at.left).not.toBe(0)
  })

  test.each([
    ['--rename', 'mentors.nik=name', 'PROD has no mentors.nik. mentors has: id, fullName, role, nick, years.'],
    ['--rename', 'mentors.nick=name', 'schema.prisma has no name. mentors has: id, fullName, role, city, years.'],
    ['--rename', 'people=mentors', 'PROD has no people. The tables are: '],
    ['--rename', 'mentors.nick', 'it takes two halves, with = between them'],
    ['--drop', 'mentors.years', 'schema.prisma has mentors.years, so it stays.'],
    ['--drop', 'nick', 'PROD has no nick.'],
    [
      '--backfill',
      "mentors.town='x'",
      'schema.prisma has no column mentors.town. mentors has: id, fullName, role, city, years.',
    ],
    ['--backfill', "mentors.years='x'", 'No row of PROD needs a value there.'],
    ['--backfill', 'mentors.city=now() + ', 'is no SQL expression'],
    ['--backfill', 'mentors.city=1), (2', 'is no SQL expression: it is more than one expression'],
    ['--backfill', "mentors.city=1) WHERE true OR ('a' = 'a'", 'is no SQL expression: it is more than one expression'],
    ['--backfill', 'mentors.city=1) --', 'is no SQL expression: '],
  ])('%s %s is no answer to a question', async (flag, value, words) => {
    bed.change([/ {2}nick .*\n/, '  city String\n'])
    expect(await bed.refused(flag, value)).toContain(words)
  })
})
