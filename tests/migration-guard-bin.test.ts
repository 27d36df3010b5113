import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from '../workshop/world/project.ts'
import { guardRepository, type GuardRepository } from './support/guard-repository.ts'
import { scratchWorkshop, type Ran, type Workshop } from './support/workshop.ts'

// A Prisma repository that knows nothing of this workshop, with the package as npm packs and installs it.

let workshop: Workshop
let repository: GuardRepository
beforeAll(async () => {
  workshop = scratchWorkshop({ ports: false })
  repository = guardRepository({
    '.gitignore': 'node_modules\n',
    'package.json': '{ "name": "foreign", "private": true }\n',
  })
  const packed = await workshop.npm('pack', '--silent', '--pack-destination', repository.folder)
  expect(packed.code).toBe(0)
  await install(packed.output.trim().split('\n').at(-1)!)
})
afterAll(async () => {
  repository?.remove()
  await workshop?.remove()
})

/** What npm does with a tarball, over packages that are here already: nothing is downloaded twice. */
async function install(tarball: string): Promise<void> {
  const modules = join(repository.folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  for (const name of readdirSync(join(projectRoot, 'node_modules'))) {
    if (name.startsWith('.')) continue
    symlinkSync(realpathSync(join(projectRoot, 'node_modules', name)), join(modules, name), 'junction')
  }
  const own = join(modules, 'database-migrations-workshop')
  mkdirSync(own)
  const unpacked = spawnSync(
    'tar',
    ['-xzf', tarball, '-C', 'node_modules/database-migrations-workshop', '--strip-components=1'],
    {
      cwd: repository.folder,
      encoding: 'utf8',
    },
  )
  expect(unpacked).toMatchObject({ status: 0 })
  repository.write('.git/info/exclude', '*.tgz\n')
}

const bin = join('node_modules', 'database-migrations-workshop', 'workshop', 'migration-guard.mjs')
function guard(...args: string[]): Ran {
  const env = { ...process.env, NO_COLOR: '1' }
  const ran = spawnSync(process.execPath, [bin, ...args], { cwd: repository.folder, encoding: 'utf8', env })
  return { code: ran.status ?? 128, output: ran.stdout + ran.stderr }
}

test('the package names its program, and holds no data and no secret of the clone that packed it', () => {
  const own = join(repository.folder, 'node_modules', 'database-migrations-workshop')
  expect(existsSync(join(own, dirname(bin).split(/[\\/]/).at(-1)!, 'migration-guard.mjs'))).toBe(true)
  for (const name of ['.workshop', '.env.dev.local', 'node_modules', 'tests'])
    expect([name, existsSync(join(own, name))]).toEqual([name, false])
})

test('it judges a branch, and ends with 1, 0 and 2 as it should', () => {
  repository.migration('20250103000000_drop', 'ALTER TABLE "recruits" DROP COLUMN "nick";\n')
  repository.commit('Work')
  const rejected = guard('--base', 'main')
  expect(rejected).toMatchObject({ code: 1, output: expect.stringContaining('✗ H10 drops the column recruits.nick') })
  expect(rejected.output).toContain('squawk: ban-drop-column')
  expect(rejected.output).toContain('not checked: whether the migrations run')
  expect(JSON.parse(guard('--json').output)).toMatchObject({ isRejected: true, base: 'main' })
  expect(guard('--github').output).toMatch(
    /^::error file=prisma\/migrations\/20250103000000_drop\/migration\.sql,line=1/,
  )

  const rule = guard('--mode', 'no-migrations')
  expect(rule).toMatchObject({
    code: 1,
    output: expect.stringContaining('git rm --cached prisma/migrations/20250103000000_drop'),
  })
  expect(rule.output).toContain('prisma migrate diff')
  repository.git('rm', '--quiet', '-r', '--cached', 'prisma/migrations/20250103000000_drop')
  repository.git('commit', '--quiet', '--message', 'Leave it to the release')
  expect(guard('--mode', 'no-migrations').code).toBe(0)
  expect(guard('--base', 'nowhere')).toMatchObject({
    code: 2,
    output: expect.stringContaining('git fetch origin nowhere'),
  })
  expect(guard('--env', 'prod')).toMatchObject({ code: 2 })
})

test('from a folder with another migrations’ folder', () => {
  repository.write('db/steps/20250101000000_first/migration.sql', 'CREATE TABLE a (id INT);\nDROP SCHEMA old;\n')
  repository.commit('Elsewhere')
  const { code, output } = guard('--migrations', 'db/steps')
  expect({ code, output }).toMatchObject({
    code: 1,
    output: expect.stringContaining('db/steps/20250101000000_first/migration.sql:2'),
  })
})
