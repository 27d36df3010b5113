import { describe, expect, test } from '@jest/globals'
import { diffOutput, matchesLine, matchesOutput } from '../../../workshop/walkthrough/match-output.ts'
import { nameMigrations, namePatch } from '../../../workshop/walkthrough/patch.ts'
import { recordOutputs } from '../../../workshop/walkthrough/record-output.ts'
import { renderScreen } from '../../../kit/terminal/screen.ts'
import { canonical, stableForm, withoutChatter } from '../../../workshop/walkthrough/stable-form.ts'
import { differences } from '../../../workshop/walkthrough/section-end.ts'

describe('the stable form of a line', () => {
  test.each([
    ['a migration’s time', '20261123000203_create_recruits', '<time>_create_recruits'],
    ['a time', 'at 2026-11-23T00:02:03.123Z, 2026-11-23 00:02', 'at <time>, <time>'],
    ['a day', 'on 2026-11-23', 'on <date>'],
    ['git’s time', 'Date:   Mon Nov 23 00:01:44 2026 +0000', 'Date:   <time>'],
    ['an id of git, of letters alone too', '[my-work abcdefa] Words', '[my-work <id>] Words'],
    ['the first one', '[my-work (root-commit) 1234567] Words', '[my-work (root-commit) <id>] Words'],
    ['in a log', '1234567 Words', '<id> Words'],
    ['a range of ids', 'index 1234567..89abcde 100644', 'index <id>..<id> 100644'],
    ['anywhere, with a letter and a digit', 'from 84bc2d03ff', 'from <id>'],
    ['a UUID', '0d36d1cb-58f5-4c65-8ccf-4a9d6e7a0001', '<id>'],
    ['durations', 'in 48ms, 1.3 s (2 min)', 'in <duration>, <duration> (<duration>)'],
  ])('leaves out %s', (_, line, form) => {
    expect(stableForm(line)).toBe(form)
  })

  test('leaves what is meant: numbers, words, ports, cohorts', () => {
    for (const line of ['9900972598853 | defaced', '127.0.0.1:15431', 'C25 s', '5 rows', 'Step 0', '2026', 'is 18.4']) {
      expect(stableForm(line)).toBe(line)
    }
  })
})

describe('an output', () => {
  const got = ['one', '', 'two 12 ms', 'three', 'four']

  test('matches line by line, whatever blank lines stand around it', () => {
    expect(matchesOutput(['', 'one', '', 'two 9.5 s', 'three  ', 'four', ''], got)).toBe(true)
    expect(matchesOutput(['one', 'two 12 ms', 'three', 'four'], got)).toBe(false)
    expect(matchesOutput(['one', '', 'two 12 ms', 'three'], got)).toBe(false)
    expect(matchesOutput(['one', '', 'two 12 ms', 'three', 'four', 'five'], got)).toBe(false)
    expect(matchesOutput([], [])).toBe(true)
    expect(matchesOutput([], got)).toBe(false)
  })

  test('a … alone is any number of lines, also none', () => {
    expect(matchesOutput(['…'], got)).toBe(true)
    expect(matchesOutput(['one', '…', 'four'], got)).toBe(true)
    expect(matchesOutput(['one', '…', '', '…', 'three', '…'], got)).toBe(true)
    expect(matchesOutput(['…', 'one', '…', 'two …', '…', 'three', 'four', '…'], got)).toBe(true)
    expect(matchesOutput(['one', '…', 'five'], got)).toBe(false)
    expect(matchesOutput(['…', 'three'], got)).toBe(false)
    expect(matchesOutput(['…', 'four', '…', 'three', '…'], got)).toBe(false)
  })

  test('a … inside of a line is anything in that line, and the rest is as it stands', () => {
    expect(matchesLine('Applying …_create (x)', 'Applying 20261123000203_create (x)')).toBe(true)
    expect(matchesLine('in …ms', 'in 48ms')).toBe(true)
    expect(matchesLine('done in 5ms: …', 'done in 48ms: all')).toBe(true)
    expect(matchesLine('a … c', 'a b d')).toBe(false)
    expect(matchesLine('a.c …', 'abc d')).toBe(false)
  })

  test('is told as a difference, with what is equal around it', () => {
    expect(diffOutput(['one', '', 'zwei', 'three'], got)).toEqual([
      '  one',
      '  ',
      '- zwei',
      '+ two 12 ms',
      '  three',
      '+ four',
    ])
  })

  test('may or may not say that the client is generated: that depends on what was run before', () => {
    const generating = 'Generating Prisma Client from prisma/schema.prisma …'
    expect(matchesOutput(['one', generating, 'two'], ['one', 'two'])).toBe(true)
    expect(matchesOutput(['one', 'two'], [generating, 'one', 'two'])).toBe(true)
    expect(matchesOutput(['one', `${generating}.`, 'two'], ['one', 'two'])).toBe(false)
  })

  test('is read without what npm says of itself', () => {
    const screen = [
      '',
      '> workshop@1.0.0 db',
      '> node workshop/run.mjs db',
      '',
      'npm warn x',
      'one',
      '> kept',
      'npm run db',
      '',
    ]
    expect(withoutChatter(screen)).toEqual(['one', '> kept', 'npm run db'])
  })

  test('is read in the document’s words', () => {
    const names = [['127.0.0.1:23456', '127.0.0.1:15431']] as const
    expect(canonical('at 127.0.0.1:23456, 127.0.0.1:23457', names)).toBe('at 127.0.0.1:15431, 127.0.0.1:23457')
  })
})

describe('a screen', () => {
  const screen = (raw: string, columns = 20) => renderScreen(raw, columns)

  test('shows what carriage returns, moves and erasures leave', () => {
    expect(screen('10 %\r20 %\r\ndone\r\n')).toEqual(['20 %', 'done', ''])
    expect(screen('\x1b[32m? Sure\x1b[39m (y/N)\x1b[2K\x1b[G✔ Sure\r\n')).toEqual(['✔ Sure', ''])
    expect(screen('one\r\ntwo\r\n\x1b[2A\x1b[0Jthree')).toEqual(['three'])
    expect(screen('abc\b\bX\x1b[K')).toEqual(['aX'])
    expect(screen('a\tb\x1b[3Dc\x1b]0;title\x07\x1b[?25l')).toEqual(['a     c b'])
  })

  test('makes one line again of what the terminal breaks, and lets a prompt rewrite it', () => {
    expect(screen('x'.repeat(45), 20)).toEqual(['x'.repeat(45)])
    expect(screen('x'.repeat(20) + '\r\nnext', 20)).toEqual(['x'.repeat(20), 'next'])
    expect(screen(`${'x'.repeat(30)}\x1b[1A\r\x1b[Jnew`, 20)).toEqual(['new'])
  })
})

describe('recording', () => {
  const document = ['before', '```output', '[my-work 1234567] Words', 'old', '```', 'between', '```output', '```'].join(
    '\n',
  )
  const output = (line: number, ...lines: string[]) => ({ line, lines })

  test('changes the lines that differ, and fills an empty block', () => {
    const recorded = recordOutputs(document, [
      { output: output(3, '[my-work 1234567] Words', 'old'), got: ['[my-work abcdef1] Words', 'new', 'more'] },
      { output: output(8), got: ['a', 'b'] },
    ])
    expect(recorded.split('\n')).toEqual([
      'before',
      '```output',
      '[my-work 1234567] Words',
      'new',
      'more',
      '```',
      'between',
      '```output',
      'a',
      'b',
      '```',
    ])
  })

  test('leaves a block with a … that matches, and takes the place of one that does not', () => {
    const record = (...got: string[]) => recordOutputs('one\n…', [{ output: output(1, 'one', '…'), got }])
    expect(record('one', 'two', 'three')).toBe('one\n…')
    expect(record('zero', 'one')).toBe('zero\none')
  })
})

describe('a migration that only this run can name', () => {
  const migrations = ['20250106090000_create_recruits', '20261123000203_rename_chatname']

  test('is found by its end, if there is one alone', () => {
    expect(nameMigrations('resolve --applied …_rename_chatname', migrations, new Date(0))).toBe(
      `resolve --applied ${migrations[1]}`,
    )
    expect(nameMigrations('cat prisma/migrations/…_create_recruits/migration.sql …', migrations, new Date(0))).toBe(
      `cat prisma/migrations/${migrations[0]}/migration.sql …`,
    )
    expect(nameMigrations('…_nothing', migrations, new Date(0))).toBe('…_nothing')
  })

  test('gets a time behind all others, in the heads of a diff alone', () => {
    const lines = ['--- /dev/null', '+++ b/prisma/migrations/<now>_x/migration.sql', '+<now> …_rename_chatname']
    const named = (now: string) => namePatch(lines, migrations, new Date(now)).split('\n').slice(1)
    expect(named('2026-12-01T10:00:00Z')[0]).toBe('+++ b/prisma/migrations/20261201100000_x/migration.sql')
    expect(named('2026-11-23T00:02:03Z')).toEqual([
      '+++ b/prisma/migrations/20261123000204_x/migration.sql',
      '+<now> …_rename_chatname',
      '',
    ])
  })
})

describe('the end of a section', () => {
  const files = (...all: [string, string][]) => new Map(all.map(([path, text]) => [path, Buffer.from(text)]))
  const migration = (name: string, sql: string): [string, string] => [`prisma/migrations/${name}/migration.sql`, sql]
  const wanted = files(migration('1_a', 'SELECT 1;\n'), migration('2_b', '-- words\nSELECT 2;'), [
    'seeds/c25.ts',
    'x\ny\n',
  ])

  test('has the step’s migrations under any time, with other comments and gaps', () => {
    const found = files(migration('7_a', 'SELECT\n  1;'), migration('8_b', 'SELECT 2; /* c */'), [
      'seeds/c25.ts',
      'x\ny\n',
    ])
    expect(differences(wanted, found)).toEqual([])
  })

  test('names what differs: a migration, its place, its SQL, a line of a file, a file too many or too few', () => {
    const seed: [string, string] = ['seeds/c25.ts', 'x\ny\n']
    const [a, b] = [migration('7_a', 'SELECT 1;'), migration('8_b', 'SELECT 2;')]
    const other = (...found: [string, string][]) => differences(wanted, files(...found)).join(' ')
    expect(other(a, seed)).toBe('- migrations: a, b + migrations: a')
    expect(other(migration('9_a', 'SELECT 1;'), b, seed)).toBe('- migrations: a, b + migrations: b, a')
    expect(other(a, migration('8_b', 'SELECT 3;'), seed)).toBe('  b: - SELECT 2; + SELECT 3;')
    expect(other(a, b, ['seeds/c25.ts', 'x\nz\n'])).toBe('  seeds/c25.ts, line 2: - y + z')
    expect(other(a, b)).toBe('- seeds/c25.ts is missing')
    expect(other(a, b, seed, ['prisma/.gitignore', ''])).toBe('+ prisma/.gitignore is no file of this step')
  })
})
