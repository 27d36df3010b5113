import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { must } from '../../support/measure.ts'
import { scratchFolder } from '../../support/server.ts'

// What stands where a step has files or a branch, and git does not look after it, or uses it elsewhere.

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

test('a file that git ignores is saved where the step has one of that name, and a sequence of DEV is its own', async () => {
  workshop.write('.git/info/exclude', 'seeds/c26.ts\nnotes.txt\n')
  workshop.write('seeds/c26.ts', '// mine, and nowhere else\n')
  workshop.write('notes.txt', 'stays')
  const { code, output } = await workshop.goto('10')
  expect({ code, output }).toMatchObject({ code: 0 })
  const saved = /saved\/\S+/.exec(output)?.[0]
  expect(workshop.git('show', `${saved}:seeds/c26.ts`)).toContain('// mine, and nowhere else')
  expect(workshop.git('ls-tree', '-r', '--name-only', saved!)).not.toContain('notes.txt')
  // What it has noted ahead was noted in the database that it is a copy of: a crash would not find it.
  expect(await workshop.sql('dev', 'SELECT log_cnt::int FROM recruits_id_seq')).toEqual([{ log_cnt: 0 }])
})

test('a branch that is checked out in another folder is left to that folder', async () => {
  expect(await workshop.goto('03')).toMatchObject({ code: 0 })
  const other = join(scratchFolder(), 'other')
  workshop.git('worktree', 'add', '--quiet', '-b', 'work/02-first-migration', other, 'step-02-first-migration')
  expect((await workshop.goto('02')).output).toContain('on the branch work/02-first-migration-2,')
  rmSync(dirname(other), { recursive: true })
})

describe('nothing is changed where git would write into', () => {
  const state = () => [workshop.git('for-each-ref'), workshop.git('status', '--porcelain', '--branch')]
  test.each([
    [
      'a link in place of seeds/',
      'seeds is a link to another place',
      () => {
        renameSync(workshop.file('seeds'), workshop.file('other'))
        symlinkSync(workshop.file('other'), workshop.file('seeds'), 'junction')
      },
    ],
    [
      'a repository of its own',
      'prisma/migrations is a repository of its own',
      () => mkdirSync(workshop.file('prisma/migrations/.git')),
    ],
    [
      'a submodule',
      'extras is a submodule',
      () =>
        workshop.git(
          'update-index',
          '--add',
          '--cacheinfo',
          `160000,${workshop.git('rev-parse', 'HEAD').trim()},extras`,
        ),
    ],
  ])('%s', async (_, words, make) => {
    make()
    const before = state()
    const { code, output } = await workshop.goto('10')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining(`✗ ${words}: nothing was changed.`),
    })
    expect(state()).toEqual(before)
  })
})
