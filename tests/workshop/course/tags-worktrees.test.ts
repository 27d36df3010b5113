import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import type { Env } from '../../../kit/database/target.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from '../../support/git-workshop.ts'
import { migrationScripts } from '../../support/laid-steps.ts'
import { must } from '../../support/measure.ts'
import { scratchFolder, scratchServer, type ScratchServer } from '../../support/server.ts'
import { copyTree } from '../../support/template.ts'
import { workshopIn, type Workshop } from '../../support/workshop.ts'

// Tags with the same tree share a worktree, its start and the run of its seeds; those with the same migrations share what
// Prisma makes of them. Each test then has a DEV of its own, and PROD as the steps before left it.

// The bonus steps are walked by steps check.
const steps = readSteps().filter(({ step }) => !step.bonus)
const folder = scratchFolder('worktrees ')
const modules = realpathSync(join(projectRoot, 'node_modules'))

let server: ScratchServer
let clone: MadeGitWorkshop
let admin: pg.Client
beforeAll(async () => {
  server = await scratchServer()
  clone = await madeGitWorkshop()
  admin = new pg.Client(server.adminUrl)
  await admin.connect()
  await admin.query("CREATE ROLE dev LOGIN CREATEDB PASSWORD 'dev'")
  await admin.query("CREATE ROLE prod LOGIN PASSWORD 'prod'")
  await admin.query('CREATE DATABASE prod_new OWNER prod')
}, 300_000)
afterAll(async () => {
  await admin?.end()
  await server?.stop()
  await clone?.remove()
  rmSync(folder, { recursive: true, force: true })
})

test.each(steps.map(({ tag }, i) => [tag, i] as const))(
  '%s works in a fresh worktree, on a fresh dev',
  async (tag, i) => {
    const { number, step } = steps[i]!
    const { workshop, filled } = await seeded(treeOf(tag))
    setUrl(workshop, 'dev', await copyOf(filled, `dev_${number}`, 'dev'))
    for (const sql of step.dev?.typed ?? []) await workshop.sql('dev', sql)
    // On a fresh DEV the backfill came before the recruits, and until step 6 the seed gives them no address.
    if (tag.endsWith('backfill')) await workshop.sql('dev', migrationScripts()[2]![1])
    setUrl(workshop, 'prod', await prodAfter(i))
    const { code, output } = await workshop.door('check', String(number))
    expect({ code, output }).toMatchObject({ code: 0 })
  },
)

test('the seeds of all tags fit the clients that are generated there', async () => {
  for (const { tag } of steps) await worktree(treeOf(tag))
  symlinkSync(modules, join(folder, 'node_modules'), 'junction')
  const config = { extends: join(projectRoot, 'tsconfig.json'), include: ['*/seeds'], files: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = [process.execPath, join(projectRoot, 'node_modules/typescript-compiler/bin/tsc'), '-p', folder]
  expect(await clone.exec(tsc)).toEqual({ code: 0, output: '' })
  // What is asked is asked of each of them.
  const listed = await clone.exec([...tsc, '--listFilesOnly'])
  for (const { tag, number } of steps.slice(3)) {
    const place = await worktree(treeOf(tag))
    expect(listed.output).toContain(place.file('seeds/c25.ts'))
    if (number >= 16) expect(listed.output).toContain(place.file('seeds/c28.ts'))
  }
})

/** Of the whole tag, or of a folder in it. */
const treeOf = (tag: string, path = '') => clone.git('rev-parse', `${tag}:${path}`)
const seedsIn = ({ file }: Workshop) =>
  ['c25', 'c26', 'c27', 'c28'].filter((name) => existsSync(file(`seeds/${name}.ts`)))

/** A worktree with this tree, after its `npm start` on an empty DEV. */
const worktree = once(async (tree) => {
  const { tag, number } = steps.find((step) => treeOf(step.tag) === tree)!
  clone.git('worktree', 'add', '--quiet', join(folder, tag), tag)
  const workshop = workshopIn(join(folder, tag))
  symlinkSync(modules, workshop.file('node_modules'), 'junction')
  // What is made is kept by what it is made from, and all tags have the same workshop/. To the databases they are one clone.
  for (const name of ['built', 'clients', 'clone']) {
    copyTree(clone.file(`.workshop/${name}`), workshop.file(`.workshop/${name}`))
  }
  await admin.query(`CREATE DATABASE new_${number} OWNER dev`)
  setUrl(workshop, 'dev', `new_${number}`)
  setUrl(workshop, 'prod', 'prod_new')
  await must(workshop.run('start'))
  return workshop
})

/** A database with these migrations, deployed by Prisma itself. The key is the tree of their folder. */
const migrated = once(async (migrations) => {
  const { tag, number } = steps.slice(2).find((step) => treeOf(step.tag, 'prisma/migrations') === migrations)!
  const workshop = await worktree(treeOf(tag))
  setUrl(workshop, 'dev', `new_${number}`)
  await must(workshop.run('migrate', 'deploy'))
  return `new_${number}`
})

/** A worktree with this tree, and a database with its migrations and the recruits of its seeds. */
const seeded = once(async (tree) => {
  const { tag, number } = steps.find((step) => treeOf(step.tag) === tree)!
  const workshop = await worktree(tree)
  const hasMigrations = existsSync(workshop.file('prisma/migrations'))
  const empty = hasMigrations ? await migrated(treeOf(tag, 'prisma/migrations')) : `new_${number}`
  const filled = await copyOf(empty, `filled_${number}`, 'dev')
  await plant(workshop, 'dev', filled, seedsIn(workshop))
  return { workshop, filled }
})

/** PROD as it is when the steps until this one are done. It only ever goes forward. */
async function prodAfter(i: number): Promise<string> {
  return i < 0 ? 'prod_new' : steps[i]!.step.prod ? prodOf(String(i)) : prodAfter(i - 1)
}

const prodOf = once(async (i) => {
  const { tag, number, step } = steps[Number(i)]!
  const workshop = await worktree(treeOf(tag))
  const database = await copyOf(await prodAfter(Number(i) - 1), `prod_${number}`, 'prod')
  await applyMigrations(server.url(database, 'prod', 'prod'), workshop.file('prisma/migrations'))
  await plant(workshop, 'prod', database, step.prod?.seeds ?? [])
  return database
})

/** Runs seeds one after the other, in one process. */
async function plant(workshop: Workshop, env: Env, database: string, seeds: readonly string[]): Promise<void> {
  const argv = ['kit/project/entry.mjs', 'workshop/seeding/seed-script', ...seeds.map((seed) => `seeds/${seed}.ts`)]
  const names = { DATABASE_URL: server.url(database, env, env), WORKSHOP_ENV: env }
  if (seeds.length > 0) await must(workshop.exec([process.execPath, ...argv], { env: names }))
}

async function copyOf(database: string, name: string, owner: string): Promise<string> {
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${database} OWNER ${owner} STRATEGY file_copy`)
  return name
}

function setUrl(workshop: Workshop, env: Env, database: string): void {
  workshop.write(`.env.${env}.local`, `DATABASE_URL=${server.url(database, env, env)}\n`)
}

/** Finds each answer out when it is first asked for. */
function once<Answer>(find: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const found = new Map<string, Promise<Answer>>()
  return (key) => found.get(key) ?? found.set(key, find(key)).get(key)!
}
