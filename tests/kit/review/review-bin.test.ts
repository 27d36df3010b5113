import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { reviewRepository, type ReviewRepository } from '../../support/review-repository.ts'
import type { Ran } from '../../support/program.ts'
import { scratchWorkshop, workshopIn, type Workshop } from '../../support/workshop.ts'

// A Prisma repository that knows nothing of this workshop, with the package as somebody packs, installs and runs it.

let workshop: Workshop
let repository: ReviewRepository
let foreign: Workshop
beforeAll(async () => {
  workshop = scratchWorkshop()
  workshop.write('.workshop/admin-password', 'secret')
  repository = reviewRepository({
    '.gitignore': 'node_modules\n*.tgz\n',
    'package.json': '{ "name": "foreign", "private": true }\n',
  })
  foreign = workshopIn(repository.folder)
  const packed = await workshop.npm('pack', '--silent', '--pack-destination', repository.folder)
  expect(packed).toMatchObject({ code: 0 })
  const tarball = packed.output.trim().split('\n').at(-1)!
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  expect(await foreign.npm('install', '--save-dev', ...quiet, `./${tarball}`)).toMatchObject({ code: 0 })
  repository.commit('Guard the migrations')
  // All its packages come from the registry, as they do for anybody: 190 MB where nothing is cached.
}, 400_000)
afterAll(async () => {
  repository?.remove()
  await workshop?.remove()
})

const own = () => join(repository.folder, 'node_modules', 'database-migrations-workshop')
const bin = join('node_modules', '.bin', 'migration-review')

/** By the link that npm made, as a script of package.json finds it. */
function review(...args: string[]): Ran {
  const env = { ...process.env, NO_COLOR: '1' }
  const isWindows = process.platform === 'win32'
  const ran = spawnSync(isWindows ? `${bin}.cmd` : bin, args, {
    cwd: repository.folder,
    encoding: 'utf8',
    env,
    shell: isWindows,
  })
  return { code: ran.status ?? 128, output: ran.stdout + ran.stderr }
}

test('the package is a copy, not a link into the clone that packed it, and holds none of its data and secrets', () => {
  expect(realpathSync(own())).toBe(
    join(realpathSync(repository.folder), 'node_modules', 'database-migrations-workshop'),
  )
  const left = ['.workshop', '.env.dev.local', 'node_modules', 'tests']
  expect(left.filter((name) => existsSync(workshop.file(name)))).toEqual(left)
  expect(left.filter((name) => existsSync(join(own(), name)))).toEqual([])
})

test('its packages lie in the repository itself, and package.json asks for it', () => {
  expect(JSON.parse(readFileSync(join(repository.folder, 'package.json'), 'utf8')).devDependencies).toEqual({
    'database-migrations-workshop': expect.stringMatching(/^file:.*\.tgz$/),
  })
  expect(existsSync(join(repository.folder, 'node_modules', 'libpg-query'))).toBe(true)
})

test('npx finds it without downloading anything', async () => {
  const { code, output } = await foreign.npm('exec', '--no', '--', 'migration-review', '--base', 'main')
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('Against main, mode reviewed') })
})

test('it judges a branch, and ends with 1, 0 and 2 as it should', () => {
  repository.migration('20250103000000_drop', 'ALTER TABLE "recruits" DROP COLUMN "nick";\n')
  repository.commit('Work')
  const rejected = review('--base', 'main')
  expect(rejected).toMatchObject({ code: 1, output: expect.stringContaining('✗ H10 drops the column recruits.nick') })
  expect(rejected.output).toContain('squawk: ban-drop-column')
  expect(rejected.output).toContain('not checked: whether the migrations run')
  expect(JSON.parse(review('--json').output)).toMatchObject({ isRejected: true, base: 'main' })
  expect(review('--github').output).toMatch(
    /^::error file=prisma\/migrations\/20250103000000_drop\/migration\.sql,line=1/,
  )

  const rule = review('--mode', 'no-migrations')
  expect(rule).toMatchObject({
    code: 1,
    output: expect.stringContaining('git rm --cached prisma/migrations/20250103000000_drop'),
  })
  expect(rule.output).toContain('prisma migrate diff')
  repository.git('rm', '--quiet', '-r', '--cached', 'prisma/migrations/20250103000000_drop')
  repository.git('commit', '--quiet', '--message', 'Leave it to the release')
  expect(review('--mode', 'no-migrations').code).toBe(0)
  expect(review('--base', 'nowhere')).toMatchObject({
    code: 2,
    output: expect.stringContaining('git fetch origin nowhere'),
  })
  expect(review('--env', 'prod')).toMatchObject({ code: 2 })
})

test('from a folder with another migrations’ folder', () => {
  repository.write('db/steps/20250101000000_first/migration.sql', 'CREATE TABLE a (id INT);\nDROP SCHEMA old;\n')
  repository.commit('Elsewhere')
  const { code, output } = review('--migrations', 'db/steps')
  expect({ code, output }).toMatchObject({
    code: 1,
    output: expect.stringContaining('db/steps/20250101000000_first/migration.sql:2'),
  })
})
