import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { signalTest } from '../../support/conditions.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { must } from '../../support/measure.ts'
import { scratchFolder } from '../../support/server.ts'
import { courseIn } from '../../support/toy-course.ts'
import { madeWorkshop } from '../../support/workshop.ts'

let workshop: MadeGitWorkshop
beforeAll(async () => {
  workshop = await madeGitWorkshop()
}, 300_000)
afterAll(() => workshop?.remove())
beforeEach(async () => {
  await workshop.cloneAnew()
  workshop.git('switch', '--quiet', '--create', 'mine', 'step-06-email-required')
  await must(workshop.door('db', 'up'))
})

/** Everything that a refusal may not touch. */
const state = () => [
  workshop.git('for-each-ref'),
  workshop.git('status', '--porcelain', '--branch'),
  workshop.git('stash', 'list'),
]

/** What goto says when it refuses; nothing may have changed. */
async function refusal(...words: string[]): Promise<string> {
  const before = state()
  const { code, output } = await workshop.goto(...words)
  expect({ code, output }).toMatchObject({ code: 1 })
  expect(state()).toEqual(before)
  return output
}

test('a word that is no step is answered with the steps there are', async () => {
  expect(await refusal('99')).toContain('There is no step "99".')
  expect(await refusal('drift')).toMatch(/"drift" may be any of 3 steps[^]*08-new-column-drift, 11-/)
  expect(await refusal()).toContain('npm run goto 05')
  expect(await refusal('05', '--force')).toContain('npm run goto 05 -- --dry-run')
})

describe('what git has half done is not lost', () => {
  /** Two branches that contradict each other. */
  const contradict = () => {
    workshop.git('switch', '--quiet', '--force-create', 'one', 'step-06-email-required')
    workshop.write('seeds/c25.ts', '// one\n')
    workshop.git('commit', '--quiet', '--all', '--message', 'One')
    workshop.git('switch', '--quiet', '--force-create', 'two', 'step-06-email-required')
    workshop.write('seeds/c25.ts', '// two\n')
    workshop.git('commit', '--quiet', '--all', '--message', 'Two')
  }
  test.each([['merge'], ['rebase'], ['cherry-pick'], ['revert']])('a %s', async (verb) => {
    contradict()
    if (verb === 'revert') {
      workshop.write('seeds/c25.ts', '// three\n')
      workshop.git('commit', '--quiet', '--all', '--message', 'Three')
    }
    expect(() => workshop.git(verb, verb === 'revert' ? 'HEAD~1' : 'one')).toThrow(`git ${verb}`)
    const said = await refusal('03')
    expect(said).toContain(`A ${verb} is half done: nothing was changed.`)
    expect(said).toContain(`git ${verb} --abort`)
  })

  test('conflicts of a stash', async () => {
    contradict()
    workshop.write('seeds/c25.ts', '// stashed\n')
    workshop.git('stash', '--quiet')
    workshop.write('seeds/c25.ts', '// committed\n')
    workshop.git('commit', '--quiet', '--all', '--message', 'Other')
    expect(() => workshop.git('stash', 'pop')).toThrow('git stash pop')
    expect(await refusal('03')).toContain('There are conflicts in your files: nothing was changed.')
  })
})

test('a detached head: commits that no branch holds get one, with the work on top', async () => {
  workshop.git('switch', '--quiet', '--detach', 'step-03-c25-recruits')
  workshop.git('commit', '--quiet', '--allow-empty', '--message', 'Adrift')
  const adrift = workshop.git('rev-parse', 'HEAD')
  expect((await workshop.goto('04')).output).toMatch(
    /your work, which no branch holds, is saved on the branch {2}saved\/detached-/,
  )
  expect(workshop.git('rev-parse', workshop.saved().at(-1)!)).toBe(adrift)
  workshop.git('switch', '--quiet', '--detach', adrift)
  workshop.write('seeds/c25.ts', '// on top\n')
  const before = workshop.saved()
  expect(await workshop.goto('04')).toMatchObject({ code: 0 })
  const branch = workshop.saved().find((name) => !before.includes(name))!
  expect(workshop.git('show', `${branch}:seeds/c25.ts`)).toBe('// on top')
  expect(workshop.git('rev-parse', `${branch}~1`)).toBe(adrift)
})

test('what is staged and then changed again is saved in both forms; a repository inside stays where it is', async () => {
  workshop.write('seeds/c25.ts', '// staged\n')
  workshop.git('add', 'seeds/c25.ts')
  workshop.write('seeds/c25.ts', '// changed\n')
  workshop.git('rm', '--quiet', '--cached', 'README.md')
  mkdirSync(workshop.file('inner'))
  const inner = courseIn(workshop.file('inner'))
  inner.git('init', '--quiet')
  inner.commit('Inner', { 'own.txt': 'own\n' })
  expect(await workshop.goto('03')).toMatchObject({ code: 0 })
  const branch = workshop.saved().at(-1)!
  expect(workshop.git('show', `${branch}:seeds/c25.ts`)).toBe('// changed')
  expect(workshop.git('show', `${branch}~1:seeds/c25.ts`)).toBe('// staged')
  expect(workshop.git('show', `${branch}:README.md`)).toContain('Database migrations')
  expect(workshop.git('status', '--porcelain')).toBe('?? inner/')
  expect(inner.git('show', 'HEAD:own.txt')).toBe('own')
})

test('a new file where the step has one of its own is saved, and the step’s is there', async () => {
  workshop.write('seeds/c26.ts', '// my own C26\n')
  expect(await workshop.goto('10')).toMatchObject({ code: 0 })
  expect(workshop.git('show', `${workshop.saved().at(-1)}:seeds/c26.ts`)).toBe('// my own C26')
  expect(workshop.git('diff', '--name-only', 'step-10-c26-recruits')).toBe('')
})

test('someone who has told git no name is saved too', async () => {
  workshop.write('seeds/c25.ts', '// nameless\n')
  const env = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    EMAIL: '',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.useConfigOnly',
    GIT_CONFIG_VALUE_0: 'true',
  }
  const ran = await workshop.exec([process.execPath, 'workshop/run.mjs', 'goto', '03'], { env })
  expect(ran).toMatchObject({ code: 0 })
  expect(workshop.git('show', `${workshop.saved().at(-1)}:seeds/c25.ts`)).toBe('// nameless')
})

test('who commits on main keeps the commits there, and goes on from the tag', async () => {
  workshop.git('switch', '--quiet', 'main')
  workshop.write('seeds/c25.ts', '// on main\n')
  workshop.git('commit', '--quiet', '--all', '--message', 'Mine, on main')
  const mine = workshop.git('rev-parse', 'main')
  expect(await workshop.goto('05')).toMatchObject({ code: 0 })
  expect(workshop.git('rev-parse', 'main')).toBe(mine)
  expect(workshop.git('diff', '--name-only', 'step-05-email-backfill')).toBe('')
})

test('a branch named work is in the way of work/…, and is named', async () => {
  workshop.git('branch', 'work')
  expect(await refusal('06')).toMatch(
    /You have a branch named "work": nothing was changed.[^]*git branch -m work my-work/,
  )
  workshop.git('branch', '-m', 'work', 'my-work')
  expect(await workshop.goto('06')).toMatchObject({ code: 0 })
})

test('a tag of that name made by the learner is kept, and goto says how to give it another', async () => {
  workshop.git('tag', '--delete', 'step-05-email-backfill')
  workshop.git('tag', 'step-05-email-backfill')
  const said = await refusal('03')
  expect(said).toContain('"step-05-email-backfill": you made this tag')
  expect(said).toContain('git tag my-step-05-email-backfill step-05-email-backfill')
  workshop.git('tag', '--delete', 'step-05-email-backfill')
  expect(await workshop.goto('05')).toMatchObject({ code: 0 })
})

test('a psql session left open on dev is named and ended; servers that are down are started', async () => {
  const session = new pg.Client({ connectionString: workshop.url('dev'), application_name: 'psql' })
  session.on('error', () => {})
  await session.connect()
  expect((await workshop.goto('05', '--dry-run')).output).toMatch(/disconnected: psql \(process \d+\)/)
  expect((await workshop.goto('05')).output).toMatch(/disconnected: psql \(process \d+\)/)
  await expect(session.query('SELECT 1')).rejects.toThrow(/terminat|connection error/)
  await must(workshop.door('db', 'down'))
  const down = await workshop.goto('05', '--dry-run')
  expect(down).toMatchObject({ code: 1, output: expect.stringContaining('npm run db up') })
  expect(await workshop.goto('06')).toMatchObject({ code: 0 })
  expect(await workshop.sql('dev', 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 5 }])
})

signalTest('Ctrl-C in the middle of goto loses nothing, and going once more finishes', async () => {
  const goto = [process.execPath, 'workshop/run.mjs', 'goto', '11']
  workshop.write('seeds/c25.ts', '// before Ctrl-C\n')
  for (const when of [/is saved on the branch/, /making its state/, /Generating Prisma Client/]) {
    // Without a client there is work left to do after each of these lines.
    for (const client of ['prisma/generated', '.workshop/clients'])
      rmSync(workshop.file(client), { recursive: true, force: true })
    const cutOff = await workshop.interrupt(goto, when)
    expect(cutOff).not.toMatchObject({ code: 0 })
    expect(cutOff.output).toContain('To finish it:  npm run goto 11')
    expect(await workshop.sql('dev', 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  }
  expect(workshop.saved().some((name) => workshop.git('show', `${name}:seeds/c25.ts`) === '// before Ctrl-C')).toBe(
    true,
  )
  expect(await workshop.goto('11')).toMatchObject({ code: 0 })
  expect(workshop.git('status', '--porcelain')).toBe('')
  expect(await workshop.door('check', '11')).toMatchObject({ code: 0 })
})

test('a shallow clone has every step', async () => {
  const folder = join(scratchFolder(), 'shallow')
  workshop.git(
    'clone',
    '--quiet',
    '--depth',
    '1',
    '--no-tags',
    '--branch',
    'main',
    pathToFileURL(workshop.folder).href,
    folder,
  )
  const shallow = await madeWorkshop({ inside: folder })
  try {
    expect(await shallow.run('goto', '03')).toMatchObject({ code: 0 })
    expect(courseIn(folder).git('diff', '--name-only', 'step-03-c25-recruits')).toBe('')
  } finally {
    await shallow.remove()
    rmSync(dirname(folder), { recursive: true })
  }
})

test('without git the message says what is missing', async () => {
  const PATH = scratchFolder()
  const withoutGit = await workshop.exec([process.execPath, 'workshop/run.mjs', 'goto', '05'], { env: { PATH } })
  rmSync(PATH, { recursive: true })
  expect(withoutGit).toMatchObject({ code: 1, output: expect.stringContaining('✗ git was not found.') })
})

test('in a downloaded archive the message says what to do; fresh databases are to be had all the same', async () => {
  const archive = await madeWorkshop()
  try {
    expect(await archive.door('goto', '05')).toMatchObject({
      code: 1,
      output: expect.stringContaining('git init -b main'),
    })
    expect(await archive.door('db', 'fresh')).toMatchObject({
      code: 0,
      output: expect.stringContaining('FILES  stay as they are: This folder is not a git repository.'),
    })
    expect(existsSync(archive.file('prisma/migrations'))).toBe(true)
  } finally {
    await archive.remove()
  }
})
