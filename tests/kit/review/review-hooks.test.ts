import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../../kit/project/project.ts'
import { hookedRepository, type ReviewRepository } from '../../support/review-repository.ts'

let repository: ReviewRepository
beforeEach(() => {
  repository = hookedRepository()
})
afterEach(() => repository.remove())

/** git as somebody types it, with what it and its hooks say. */
function typed(...argv: string[]): { code: number | null; output: string } {
  const who = ['-c', 'user.name=Learner', '-c', 'user.email=learner@example.com']
  const ran = spawnSync('git', [...who, ...argv], {
    cwd: repository.folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: ran.status, output: ran.stdout + ran.stderr }
}

describe('pre-commit', () => {
  test('stops a commit whose staged migration loses values, and lets it through when it is taken out', () => {
    repository.migration('20250103000000_drop', 'ALTER TABLE "recruits" DROP COLUMN "nick";\n')
    repository.git('add', '--all')
    const refused = typed('commit', '--message', 'Drop it')
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('✗ H10 drops the column recruits.nick') })
    repository.git('rm', '--quiet', '--cached', '-r', 'prisma/migrations/20250103000000_drop')
    repository.write('README.md', 'A toy\n')
    repository.git('add', 'README.md')
    expect(typed('commit', '--message', 'Say what it is')).toMatchObject({ code: 0 })
  })

  test('judges what is staged, not what lies in the folder', () => {
    repository.migration('20250103000000_drop', 'ALTER TABLE "recruits" DROP COLUMN "nick";\n')
    repository.write('README.md', 'A toy\n')
    repository.git('add', 'README.md')
    expect(typed('commit', '--message', 'Say what it is')).toMatchObject({ code: 0 })
    repository.git('add', '--all')
    // A commit of one file has an index of its own.
    repository.write('README.md', 'A small toy\n')
    expect(typed('commit', '--message', 'Say it better', 'README.md')).toMatchObject({ code: 0 })
    expect(typed('commit', '--message', 'Drop it')).toMatchObject({ code: 1 })
  })

  test('where the base is not in this clone it says so, and stops nothing', () => {
    repository.git('branch', '--quiet', '--move', 'main', 'trunk')
    repository.write('README.md', 'A toy\n')
    repository.git('add', '--all')
    const ran = typed('commit', '--message', 'Say what it is')
    expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('there is no "main" here') })
  })
})

test('pre-push stops what was committed past the other hook', () => {
  const server = repository.clone('--bare')
  repository.git('remote', 'add', 'origin', server.folder)
  repository.migration('20250101120000_late', 'ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n')
  repository.git('add', '--all')
  expect(typed('commit', '--no-verify', '--message', 'Late')).toMatchObject({ code: 0 })
  const pushed = typed('push', 'origin', 'feature')
  expect(pushed).toMatchObject({ code: 1, output: expect.stringContaining('is dated before 20250102000000_second') })
  expect(pushed.output).toContain('git mv prisma/migrations/20250101120000_late prisma/migrations/')
})

describe('they cost next to nothing', () => {
  /** Runs a hook as git does, and counts the gits that it starts. */
  function startsOf(hook: string): number {
    const traces = join(repository.folder, 'workshop', 'traces')
    mkdirSync(traces)
    const env = { ...process.env, GIT_TRACE2_EVENT: traces }
    const ran = spawnSync(process.execPath, [join('.githooks', hook)], {
      cwd: repository.folder,
      encoding: 'utf8',
      env,
    })
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    const starts = readdirSync(traces).length
    rmSync(traces, { recursive: true })
    return starts
  }

  test('git is started eight times for what is staged, and seven for what is committed', () => {
    expect([startsOf('pre-commit'), startsOf('pre-push')]).toEqual([8, 7])
    repository.migration('20250103000000_hat', 'ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n')
    repository.commit('Add a hat')
    // The texts of all migrations come from one more.
    expect(startsOf('pre-push')).toBe(8)
  })

  test('where nothing has to be parsed, PostgreSQL’s parser and the driver are not loaded: no package need be there', () => {
    rmSync(join(repository.folder, 'node_modules'))
    repository.write('README.md', 'A toy\n')
    repository.git('add', '--all')
    expect(typed('commit', '--message', 'Say what it is')).toMatchObject({ code: 0 })
  })
})

test('both are started with node, and ask no database', () => {
  for (const name of ['pre-commit', 'pre-push'])
    expect(readFileSync(join(projectRoot, '.githooks', name), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(readFileSync(join(projectRoot, 'workshop', 'review-hook.mjs'), 'utf8')).toContain("'--files-only'")
})
