import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { reviewBranch } from '../../../kit/review/review.ts'
import { reviewRepository, quiet, type ReviewRepository } from '../../support/review-repository.ts'
import { scratchFolder } from '../../support/server.ts'

let repository: ReviewRepository
beforeEach(() => {
  repository = reviewRepository()
})
afterEach(() => repository.remove())

const harmless = 'ALTER TABLE "recruits" ADD COLUMN "phone" TEXT;\n'
const filesOnly = { filesOnly: true }
const words = async () => (await repository.review()).findings.map((one) => one.words)

describe('where nothing can be judged, it ends with 2 and says what to type', () => {
  test('no git on this machine', async () => {
    const { PATH } = process.env
    process.env['PATH'] = ''
    try {
      await expect(repository.review()).rejects.toMatchObject({
        message: 'The branch was not judged: git was not found.',
        exitCode: 2,
      })
    } finally {
      process.env['PATH'] = PATH
    }
  })

  test('no repository', async () => {
    const folder = scratchFolder('no repository ')
    try {
      await expect(reviewBranch(quiet(folder), filesOnly)).rejects.toMatchObject({
        message: 'The branch was not judged: this is not a git repository that opens.',
        exitCode: 2,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('no such base', async () => {
    await expect(repository.review({ base: 'develop' })).rejects.toMatchObject({
      message: 'The branch was not judged: there is no "develop" here.',
      next: expect.arrayContaining(['git fetch origin develop:refs/remotes/origin/develop']),
      exitCode: 2,
    })
    await expect(repository.review({ base: '--all' })).rejects.toMatchObject({ exitCode: 2 })
  })

  test('a shallow clone of one branch: first the base is missing, then the commit that both share; the lines mend it', async () => {
    repository.migration('20250103000000_next', harmless)
    repository.commit('Work')
    const clone = repository.clone('--depth', '1', '--branch', 'feature')
    const judge = () => reviewBranch(quiet(clone.folder), filesOnly)
    const missing = await judge().catch((error: unknown) => error)
    expect(missing).toMatchObject({ message: 'The branch was not judged: there is no "main" here.', exitCode: 2 })
    clone.git('fetch', '--quiet', '--depth', '1', 'origin', 'main:refs/remotes/origin/main')
    const shallow = await judge().catch((error: unknown) => error)
    expect(shallow).toMatchObject({
      message: 'The branch was not judged: it shares no commit with origin/main.',
      next: ['git fetch --unshallow'],
      exitCode: 2,
    })
    clone.git('fetch', '--quiet', '--unshallow')
    expect(await judge()).toMatchObject({ base: 'origin/main', added: ['20250103000000_next'], isRejected: false })
  })

  test('a chain with a beginning of its own, as the steps of a course have', async () => {
    repository.git('switch', '--quiet', '--orphan', 'step-00')
    repository.commit('A blank start', { 'README.md': 'Step 0\n' })
    await expect(repository.review()).rejects.toMatchObject({
      message: 'The branch was not judged: it shares no commit with main.',
      why: expect.stringContaining('a beginning of its own'),
      exitCode: 2,
    })
    repository.git('switch', '--quiet', '--create', 'my-work')
    repository.migration('20250103000000_next', harmless)
    repository.commit('Work')
    expect(await repository.review({ base: 'step-00' })).toMatchObject({ added: ['20250103000000_next'] })
  })

  test('a repository without a commit', async () => {
    const folder = scratchFolder('no commit ')
    repository.git('init', '--quiet', '--initial-branch=main', folder)
    await expect(reviewBranch(quiet(folder), filesOnly)).rejects.toMatchObject({ exitCode: 2 })
    rmSync(folder, { recursive: true })
  })

  test('a package.json that is no JSON', async () => {
    repository.commit('Break it', { 'package.json': '{ "name": ' })
    await expect(repository.review()).rejects.toMatchObject({
      message: 'The branch was not judged: package.json cannot be read.',
      exitCode: 2,
    })
  })
})

describe('what is unusual is judged all the same', () => {
  test('a merge commit, as GitHub makes for a request', async () => {
    repository.migration('20250103000000_next', 'ALTER TABLE "recruits" DROP COLUMN "nick";\n')
    repository.commit('Work')
    repository.git('switch', '--quiet', 'main')
    repository.commit('Theirs', { 'README.md': 'A toy\n' })
    repository.git('switch', '--quiet', '--detach', 'main')
    repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'feature')
    expect(await words()).toEqual(['drops the column recruits.nick, with its values'])
  })

  test('Windows line ends: the line is right, and a comment allows what it names', async () => {
    const lines = ['-- one', '', 'ALTER TABLE "recruits"', '  DROP COLUMN "nick";', '']
    repository.migration('20250103000000_drop', lines.join('\r\n'))
    repository.commit('Work')
    expect((await repository.review()).findings).toMatchObject([{ id: 'H10', line: 3, endLine: 4, level: 'refuse' }])
    repository.migration('20250103000000_drop', ['-- review-allow H10: nobody had a nick', ...lines].join('\r\n'))
    repository.commit('Allow it')
    expect((await repository.review()).findings).toMatchObject([
      { id: 'H10', level: 'allowed', reason: 'nobody had a nick' },
    ])
  })

  test('SQL that does not parse is reported with its line, in the migration and in a DO block', async () => {
    repository.migration('20250103000000_typo', 'SELECT 1;\n\nALTER TABEL "recruits" ADD COLUMN x INT;\n')
    repository.migration('20250104000000_block', 'DO $$ BEGIN ALTER TABEL x; END $$;\n')
    repository.migration('20250105000000_wide', `SELECT 1;\n${'S\0E\0L\0'}`)
    repository.commit('Work')
    const { findings, isRejected } = await repository.review()
    expect(isRejected).toBe(true)
    expect(findings.filter(({ level }) => level === 'refuse')).toMatchObject([
      {
        id: 'unreadable',
        line: 3,
        words: 'is no SQL: syntax error at or near "TABEL"',
        statement: expect.stringContaining('ALTER TABEL'),
      },
      { id: 'unreadable', line: 2, words: expect.stringContaining('a NUL character') },
    ])
    expect(findings.filter(({ level }) => level === 'note')).toMatchObject([
      { id: '?', words: expect.stringContaining('a DO block') },
    ])
  })

  test('a migration of 10 MB, with its one hazard at the end', async () => {
    const row = `('${'x'.repeat(90)}'),\n`
    const big = `BEGIN; INSERT INTO "recruits" ("name") VALUES\n${row.repeat(105_000)}('last');\nALTER TABLE "recruits" DROP COLUMN "nick";\nCOMMIT;\n`
    expect(big.length).toBeGreaterThan(10_000_000)
    repository.migration('20250103000000_big', big)
    repository.commit('Work')
    expect((await repository.review()).findings).toMatchObject([{ id: 'H10', line: 105_003, level: 'refuse' }])
  })

  test('an empty migration, one of comments alone, and one that begins with a byte order mark', async () => {
    repository.migration('20250103000000_empty', '')
    repository.migration('20250104000000_comments', '-- nothing to do\n/* review-allow H10: x */\n')
    repository.migration('20250105000000_mark', `\uFEFF${harmless}`)
    repository.commit('Work')
    const found = (await repository.review()).findings.map(({ id, file }) => `${id} ${file.split('/')[2]}`)
    expect(found).toEqual(['unreadable 20250105000000_mark', 'H10 20250104000000_comments'])
  })

  test('a project in a folder of a bigger repository, with a space in its path', async () => {
    const [api, file] = ['my apps/api', 'prisma/migrations/20250101000000_first/migration.sql']
    repository.git('switch', '--quiet', 'main')
    repository.commit('An app', {
      [`${api}/${file}`]: 'CREATE TABLE a (id INT, b TEXT);\n',
      [`${api}/package.json`]: '{}\n',
    })
    repository.git('switch', '--quiet', '--create', 'more')
    const name = `${api}/prisma/migrations/20250102000000_drop/migration.sql`
    repository.commit('Work', { [name]: 'ALTER TABLE a DROP COLUMN b;\n' })
    mkdirSync(join(repository.folder, api), { recursive: true })
    const report = await reviewBranch(quiet(join(repository.folder, api)), filesOnly)
    expect(report.findings).toMatchObject([{ id: 'H10', file: name, line: 1 }])
  })
})
