import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { must } from '../../support/measure.ts'
import type { Ran } from '../../support/program.ts'
import { workshopIn, type Workshop } from '../../support/workshop.ts'

// What step 17 promises: two clones on one DEV, each with a migration of its own. Each test begins before the lab.

let ann: MadeGitWorkshop
let ben: Workshop
beforeAll(async () => {
  ann = await madeGitWorkshop()
  ben = workshopIn(join(ann.folder, '.workshop', 'ben'))
  await must(ann.door('db', 'up'))
  await must(ann.goto('17'))
  await deploy(ann, 'prod')
  await must(ann.run('seed', 'c28', '--env', 'prod'))
}, 300_000)
afterAll(() => ann?.remove())
beforeEach(async () => {
  rmSync(ben.folder, { recursive: true, force: true })
  await ann.cloneAnew()
  await must(ann.goto('17'))
  ann.git('clone', '--quiet', '-c', 'user.name=Ben', '-c', 'user.email=ben@example.com', '.', '.workshop/ben')
})

const nextOf = ({ output }: Ran) => (/^next {2}([\s\S]*)/m.exec(output)?.[1] ?? '').trim().split(/\n */)
const inBens = (...argv: string[]) => ann.git('-C', ben.folder, ...argv)
/** To Ann's servers: Ben's folder names none. */
const deploy = ({ file }: Workshop, env: 'dev' | 'prod') => applyMigrations(ann.url(env), file('prisma/migrations'))
const review = (mode: string) => ben.door('review', '--base', 'origin/lab-main', '--mode', mode)
const [pronouns, nickname] = ['20260101090000_add_pronouns', '20260101100000_add_nickname']
const redated = '20260101110000_add_pronouns'

/** The model and its migration, committed on a branch of its own. */
function addColumn({ file, write }: Workshop, git: (...argv: string[]) => string, after: string, name: string): void {
  const schema = git('show', 'HEAD:prisma/schema.prisma')
  write('prisma/schema.prisma', schema.replace(new RegExp(`^  ${after} .*$`, 'm'), `$&\n  ${name} String?`))
  const migration = name === 'pronouns' ? pronouns : nickname
  write(`prisma/migrations/${migration}/migration.sql`, `ALTER TABLE "recruits" ADD COLUMN "${name}" TEXT;\n`)
  expect(existsSync(file('prisma/schema.prisma'))).toBe(true)
  git('switch', '--quiet', '-c', `work-on-${name}`)
  git('add', 'prisma')
  git('commit', '--quiet', '-m', `Add ${name}`)
}

/** Ben has begun, and nobody knows yet. */
async function addBens(): Promise<void> {
  addColumn(ben, inBens, 'cohort', 'pronouns')
  await deploy(ben, 'dev')
}

/** Ann's branch lands first, and Ben merges it before DEV knows anything of his. */
async function mergeAnns(): Promise<void> {
  addColumn(ben, inBens, 'cohort', 'pronouns')
  addColumn(ann, ann.git, 'surname', 'nickname')
  ann.git('branch', 'lab-main')
  await deploy(ann, 'dev')
  inBens('fetch', '--quiet')
  inBens('merge', '--quiet', '--no-edit', 'origin/lab-main')
}

function redate(from = `prisma/migrations/${pronouns}`, to = `prisma/migrations/${redated}`): void {
  inBens('mv', from, to)
  inBens('commit', '--quiet', '-m', 'Re-date the pronouns')
}

test('a clone in .workshop/ has the packages, servers and addresses of the clone around it, and files of its own', async () => {
  const [here, there] = [await ann.run('db', 'status'), await ben.run('db', 'status')]
  expect(there).toEqual(here)
  expect(there.output).toContain(`127.0.0.1:${new URL(ann.url('dev')).port}`)
  for (const name of ['node_modules', '.env.dev.local']) expect(existsSync(ben.file(name))).toBe(false)
  // What is compiled belongs to its sources: no server, no client and no password.
  expect(readdirSync(ben.file('.workshop'))).toEqual(['built'])
  expect(ann.git('status', '--porcelain')).toBe('')
})

test('check 17 passes when everything is as it was, and says that nothing tells whether it was done', async () => {
  const whole = await ann.door('check', '17')
  // Without a word, it is where a learner is led after step 16.
  expect((await ann.door('check')).output).toBe(whole.output)
  expect(whole.output).toContain('so only you know whether it is done:')
  expect(whole.output).toContain('Step 18-team-rules')
  expect(whole.code).toBe(0)
})

test('the lab half done fails check 17, and the command that it names mends it', async () => {
  await addBens()
  const half = await ann.door('check', '17')
  expect(half.code).toBe(1)
  expect(half.output).toMatch(
    /✗ DEV +the tables are those of this step\n +found +recruits: not of this step: column pronouns/,
  )
  expect(half.output).toContain(`found  applied, and not in the folder: ${pronouns}`)
  expect(nextOf(half)).toEqual(['npm run db reset'])
})

test('the drift says whose work a reset of DEV would take away, and names the reset once', async () => {
  await addBens()
  const { output } = await ann.door('drift', '--env', 'dev')
  expect(output).toContain(`✗ migration ${pronouns} is applied, and not in the folder`)
  const next = nextOf({ code: 0, output }).join(' ')
  expect(next).toContain(`git log --all --oneline -- prisma/migrations/${pronouns}`)
  expect(next).toMatch(/db reset +\(DEV as this folder says: what another +branch has made there is gone\)/)
  expect(next.match(/db reset/g)).toHaveLength(1)
  await must(ann.door('db', 'reset'))
  await must(ann.run('seed', 'c28'))
  expect((await ann.door('check', '17')).code).toBe(0)
})

describe('with Ann’s branch merged first', () => {
  beforeEach(mergeAnns)

  test('Prisma applies the older one after the newer and says that all is well; the drift does not', async () => {
    expect((await ben.run('migrate', 'deploy')).code).toBe(0)
    expect((await ben.run('migrate', 'status')).output).toContain('Database schema is up to date!')
    const { output } = await ben.door('drift', '--env', 'dev')
    expect(output).toContain(`✗ migration ${pronouns} was applied after a newer one`)
    expect(output).toMatch(/db reset +\(DEV runs them again, in the order of their names\)/)
  })

  test('the review refuses Ben’s branch in both modes, and takes it after the line that it prints', async () => {
    const [reviewed, without] = [await review('reviewed'), await review('no-migrations')]
    expect([reviewed.code, without.code]).toEqual([1, 1])
    expect(reviewed.output).toContain(`${pronouns} is dated before ${nickname}, which has landed`)
    expect(without.output).toContain(`adds ${pronouns}/migration.sql`)
    const [, from, to] = /git mv (\S+)\s+(\S+)/.exec(reviewed.output)!
    redate(from, to)
    expect(await review('reviewed')).toMatchObject({
      code: 0,
      output: expect.stringContaining('9 migrations run from empty'),
    })
    expect((await review('no-migrations')).code).toBe(1)
  })

  test('a DEV that had it under the old name is mended by a baseline, and made clean by a replay', async () => {
    await deploy(ben, 'dev')
    redate()
    const failed = await ben.run('migrate', 'deploy')
    expect(failed.output).toContain('column "pronouns" of relation "recruits" already exists')
    const [baseline = ''] = nextOf(failed)
    const [, name = ''] = /^npm run migrate -- resolve --applied (\S+)/.exec(baseline)!
    await must(ben.run('migrate', 'resolve', '--applied', name))
    expect((await ben.run('migrate', 'deploy')).output).toContain('No pending migrations to apply.')
    expect((await ben.door('drift', '--env', 'dev')).output).toContain(`${pronouns} is applied, and not in the folder`)
    await must(ben.door('db', 'reset'))
    expect((await ben.door('drift', '--env', 'dev')).output).toContain('✓ migrations → DEV      in sync')
  })

  test('of two migrations with the same text, the one that fails is named: the later', async () => {
    redate()
    const again = '20991231000000_add_nickname_too'
    ben.write(`prisma/migrations/${again}/migration.sql`, 'ALTER TABLE "recruits" ADD COLUMN "nickname" TEXT;\n')
    expect((await ben.door('drift', '--env', 'dev')).output).toContain(
      `The migration ${again} fails when all are replayed`,
    )
    inBens('add', 'prisma')
    inBens('commit', '--quiet', '-m', 'Add it again')
    const { output } = await review('reviewed')
    expect(output).toContain(`${again} fails when all are replayed from empty`)
  })
})
