import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../workshop/world/project.ts'
import { guardRepository, type GuardRepository } from './support/guard-repository.ts'

let repository: GuardRepository
beforeEach(() => {
  repository = guardRepository({
    '.gitignore': 'node_modules\nworkshop\n.githooks\n',
    'package.json': '{ "type": "module" }\n',
  })
  for (const name of ['workshop', '.githooks']) {
    mkdirSync(join(repository.folder, name))
    cpSync(join(projectRoot, name), join(repository.folder, name), { recursive: true })
  }
  symlinkSync(realpathSync(join(projectRoot, 'node_modules')), join(repository.folder, 'node_modules'), 'junction')
  repository.git('config', 'core.hooksPath', '.githooks')
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

test('both are started with node, and ask no database', () => {
  for (const name of ['pre-commit', 'pre-push'])
    expect(readFileSync(join(projectRoot, '.githooks', name), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(readFileSync(join(projectRoot, 'workshop', 'guard-hook.mjs'), 'utf8')).toContain("'--files-only'")
})
