import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { branchChecks, type BranchMigrations } from '../../../kit/review/branch-checks.ts'
import { readReviewSettings } from '../../../kit/review/review-settings.ts'
import { snottyRemark } from '../../../kit/review/snotty-lines.ts'
import { reviewRepository, landedNames, type ReviewRepository } from '../../support/review-repository.ts'

let repository: ReviewRepository
beforeEach(() => {
  repository = reviewRepository()
})
afterEach(() => repository.remove())

const [, second] = landedNames
const folderOf = (name: string) => join(repository.folder, 'prisma', 'migrations', name)
const harmless = 'ALTER TABLE "recruits" ADD COLUMN "phone" TEXT;\n'

interface BranchCase {
  title: string
  work(): void
  /** Words of what is found; none in a good branch. */
  finds: RegExp[]
}

const bad: BranchCase[] = [
  {
    title: 'edits a landed migration',
    work: () => repository.migration(second, 'ALTER TABLE "recruits" ADD COLUMN "age" BIGINT;\n'),
    finds: [/20250102000000_second has landed, and the branch edits it/],
  },
  {
    title: 'changes its line ends alone',
    work: () => repository.migration(second, 'ALTER TABLE "recruits" ADD COLUMN "age" INTEGER;\r\n'),
    finds: [/has landed, and the branch edits it/],
  },
  {
    title: 'deletes one',
    work: () => rmSync(folderOf(second), { recursive: true }),
    finds: [/20250102000000_second has landed, and the branch deletes it/],
  },
  {
    title: 'renames one',
    work: () => renameSync(folderOf(second), folderOf('20250109000000_second')),
    finds: [/has landed, and the branch renames it to 20250109000000_second/],
  },
  {
    title: 'adds one that is dated before the newest',
    work: () => repository.migration('20250101120000_late', harmless),
    finds: [/20250101120000_late is dated before 20250102000000_second/],
  },
  {
    title: 'adds a folder without a migration.sql',
    work: () => repository.write('prisma/migrations/20250103000000_empty/README.md', 'later\n'),
    finds: [/20250103000000_empty holds no migration\.sql/],
  },
  {
    title: 'holds another text under a name that has landed on the base meanwhile',
    work() {
      repository.migration('20250103000000_same', 'ALTER TABLE "recruits" ADD COLUMN "shoe" INTEGER;\n')
      repository.commit('Ours')
      repository.git('switch', '--quiet', 'main')
      repository.migration('20250103000000_same', 'ALTER TABLE "recruits" ADD COLUMN "hat" INTEGER;\n')
      repository.commit('Theirs')
      repository.git('switch', '--quiet', 'feature')
    },
    finds: [/20250103000000_same has landed on the base meanwhile, with another text/],
  },
]

const good: BranchCase[] = [
  { title: 'adds a newer one', work: () => repository.migration('20250103000000_next', harmless), finds: [] },
  {
    title: 'is behind the base, and has merged a part of it',
    work() {
      repository.git('switch', '--quiet', 'main')
      repository.migration('20250103000000_theirs', harmless)
      repository.commit('Theirs')
      repository.git('switch', '--quiet', 'feature')
      repository.git('merge', '--quiet', '--no-edit', 'main')
      repository.git('switch', '--quiet', 'main')
      repository.migration('20250104000000_more', 'ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n')
      repository.commit('More')
      repository.git('switch', '--quiet', 'feature')
      repository.migration('20250105000000_ours', 'ALTER TABLE "recruits" ADD COLUMN "shoe" TEXT;\n')
    },
    finds: [],
  },
  { title: 'touches no migration', work: () => repository.write('README.md', 'A toy\n'), finds: [] },
]

describe('H20: a branch keeps what has landed, and comes after it', () => {
  test.each([...bad, ...good])('$title', async ({ work, finds }) => {
    work()
    repository.commit('Work')
    const { findings, isRejected } = await repository.review()
    expect(findings.map(({ words }) => words)).toEqual(finds.map((words) => expect.stringMatching(words)))
    expect(isRejected).toBe(finds.length > 0)
  })

  test('without any single check one passes', async () => {
    const needed = new Set<string>()
    for (const { work } of bad) {
      repository.remove()
      repository = reviewRepository()
      work()
      repository.commit('Work')
      const seen: BranchMigrations[] = []
      const look = { name: 'a look', finds: (migrations: BranchMigrations) => (seen.push(migrations), []) }
      expect((await repository.review({}, {}, [look])).isRejected).toBe(false)
      for (const check of branchChecks) {
        const others = branchChecks.filter((one) => one !== check)
        const found = others.flatMap((one) => one.finds(seen[0]!))
        if (!found.some(({ level }) => level === 'refuse')) needed.add(check.name)
      }
    }
    expect(needed).toEqual(new Set(branchChecks.map(({ name }) => name)))
    expect(needed.size).toBeGreaterThan(1)
  })
})

test('the command that re-dates keeps the order of the branch’s own, and is one that git takes', async () => {
  repository.migration('20250101120000_one', harmless)
  repository.migration('20250103000000_two', 'ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n')
  repository.commit('Work')
  const { findings } = await repository.review()
  expect(findings[0]!.next.slice(0, 2)).toEqual([
    'git mv prisma/migrations/20250101120000_one prisma/migrations/20250301100000_one',
    'git mv prisma/migrations/20250103000000_two prisma/migrations/20250301100001_two',
  ])
  for (const line of findings[0]!.next.slice(0, 2)) repository.git(...line.split(' ').slice(1))
  repository.commit('Re-date')
  expect((await repository.review()).isRejected).toBe(false)
})

test('where the newest on the base is dated in the future, the new date is later still', async () => {
  repository.git('switch', '--quiet', 'main')
  repository.migration('20991231235959_future', harmless)
  repository.commit('Future')
  repository.git('switch', '--quiet', 'feature')
  repository.migration('20250103000000_now', 'ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n')
  repository.commit('Work')
  expect((await repository.review()).findings[0]!.next[0]).toMatch(/ prisma\/migrations\/21000101000000_now$/)
})

test('a folder of migrations that is renamed as a whole keeps its migrations', async () => {
  repository.git('mv', 'prisma/migrations', 'prisma/steps')
  repository.write('prisma/steps/20250103000000_next/migration.sql', harmless)
  repository.commit('Move')
  const { added, findings } = await repository.review()
  expect({ added, findings }).toEqual({ added: ['20250103000000_next'], findings: [] })
  expect((await repository.review({ migrations: './prisma/steps/' })).added).toEqual(['20250103000000_next'])
})

describe('mode no-migrations', () => {
  const options = { mode: 'no-migrations' }

  test('any file below the folder is named, with the command that takes it out, and how it comes back', async () => {
    repository.migration('20250103000000_next', harmless)
    repository.migration(second, 'SELECT 1;\n')
    repository.write('prisma/migrations/notes.txt', 'mine\n')
    repository.commit('Work')
    const { findings, isRejected, remark } = await repository.review(options)
    expect(isRejected).toBe(true)
    expect(remark).toMatch(/\w/)
    expect(findings.map(({ file, next }) => [file, next[0]])).toEqual(
      [
        [
          `prisma/migrations/${second}/migration.sql`,
          `git restore --source main --staged --worktree -- prisma/migrations/${second}/migration.sql`,
        ],
        [
          'prisma/migrations/20250103000000_next/migration.sql',
          'git rm --cached prisma/migrations/20250103000000_next/migration.sql',
        ],
        ['prisma/migrations/notes.txt', 'git rm --cached prisma/migrations/notes.txt'],
      ].toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
    )
    expect(findings.at(-1)!.next.at(-1)).toBe('At release they come back.')
    for (const { next } of findings) repository.git(...next[0]!.split(' ').slice(1))
    repository.git('commit', '--quiet', '--message', 'Leave the migrations to the release')
    expect(await repository.review(options)).toMatchObject({ isRejected: false, findings: [] })
  })

  test('says something else each time', async () => {
    repository.migration('20250103000000_next', harmless)
    repository.commit('Work')
    for (const random of [() => 0.1, () => 0.9])
      expect((await repository.review(options, { random })).remark).toBe(snottyRemark(random))
    const remarks = new Set(Array.from({ length: 24 }, (_, i) => snottyRemark(() => i / 24)))
    expect(remarks.size).toBeGreaterThanOrEqual(12)
    expect(snottyRemark(() => 0.1)).not.toBe(snottyRemark(() => 0.9))
  })

  test('a branch without migrations passes, and so does the base itself', async () => {
    repository.write('README.md', 'A toy\n')
    repository.commit('Work')
    expect((await repository.review(options)).isRejected).toBe(false)
    repository.git('switch', '--quiet', 'main')
    repository.migration('20250103000000_release', harmless)
    repository.git('add', '--all')
    expect((await repository.review({ ...options, staged: true })).isRejected).toBe(false)
  })

  test('what is merged from the base is not the branch’s own', async () => {
    repository.git('switch', '--quiet', 'main')
    repository.migration('20250103000000_release', harmless)
    repository.commit('Release')
    repository.git('switch', '--quiet', 'feature')
    repository.commit('Work', { 'README.md': 'A toy\n' })
    repository.git('cherry-pick', 'main')
    expect((await repository.review(options)).findings).toEqual([])
  })
})

describe('which mode it is', () => {
  test('a rule under its name of before still holds, and the new name beats it', () => {
    const rule = { migrationGuard: { mode: 'no-migrations', base: 'trunk' } }
    expect(readReviewSettings(JSON.stringify(rule))).toEqual({ mode: 'no-migrations', base: 'trunk' })
    const both = { ...rule, migrationReview: { mode: 'reviewed' } }
    expect(readReviewSettings(JSON.stringify(both))).toEqual({ mode: 'reviewed', base: 'trunk' })
  })

  const packageJson = (mode: string) => ({ 'package.json': JSON.stringify({ migrationReview: { mode } }) })

  test('reviewed, unless the base’s package.json says otherwise; the branch cannot relax it; --mode beats both', async () => {
    expect((await repository.review()).mode).toBe('reviewed')
    repository.commit('Ask for it', packageJson('no-migrations'))
    expect((await repository.review()).mode).toBe('no-migrations')
    repository.git('switch', '--quiet', 'main')
    repository.git('merge', '--quiet', 'feature')
    repository.git('switch', '--quiet', 'feature')
    repository.commit('Relax it', packageJson('reviewed'))
    expect((await repository.review()).mode).toBe('no-migrations')
    expect((await repository.review({ mode: 'reviewed' })).mode).toBe('reviewed')
  })

  test('a mode that there is not is said, with those that there are', async () => {
    await expect(repository.review({ mode: 'strict' })).rejects.toMatchObject({
      message: 'The branch was not judged: there is no mode "strict".',
      why: 'The modes are: reviewed, no-migrations.',
      exitCode: 2,
    })
  })
})
