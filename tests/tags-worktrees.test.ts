import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readSteps } from '../workshop/course/steps.ts'
import { projectRoot } from '../workshop/world/project.ts'
import { madeGitWorkshop, type MadeGitWorkshop } from './support/git-workshop.ts'
import { migrationScripts } from './support/laid-steps.ts'
import { must } from './support/measure.ts'
import { scratchFolder, scratchServer, type ScratchServer } from './support/server.ts'
import { copyTree } from './support/template.ts'
import { workshopIn, type Workshop } from './support/workshop.ts'

// Steps that lay down the same files have tags with the same tree: one worktree, one start, one deploy and one run of the
// seeds serve them all. Each test then has a DEV of its own, and PROD as the steps before left it.

const steps = readSteps()
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
})
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
  const tsc = [process.execPath, join(projectRoot, 'node_modules/typescript/bin/tsc'), '-p', folder]
  expect(await clone.exec(tsc)).toEqual({ code: 0, output: '' })
  // What is asked is asked of each of them.
  const listed = await clone.exec([...tsc, '--listFilesOnly'])
  for (const { tag, number } of steps.slice(3)) {
    const place = await worktree(treeOf(tag))
    expect(listed.output).toContain(place.file('seeds/c25.ts'))
    if (number >= 16) expect(listed.output).toContain(place.file('seeds/c28.ts'))
  }
})

const treeOf = (tag: string) => clone.git('rev-parse', `${tag}^{tree}`)
const seedsIn = ({ file }: Workshop) =>
  ['c25', 'c26', 'c27', 'c28'].map((seed) => `seeds/${seed}.ts`).filter((path) => existsSync(file(path)))

/** A worktree with this tree, after its `npm start` on an empty DEV. */
const worktree = once(async (tree) => {
  const { tag, number } = steps.find((step) => treeOf(step.tag) === tree)!
  clone.git('worktree', 'add', '--quiet', join(folder, tag), tag)
  const workshop = workshopIn(join(folder, tag))
  symlinkSync(modules, workshop.file('node_modules'), 'junction')
  // Both are kept by what they are made from, and all tags have the same workshop/.
  for (const name of ['built', 'clients']) copyTree(clone.file(`.workshop/${name}`), workshop.file(`.workshop/${name}`))
  await admin.query(`CREATE DATABASE new_${number} OWNER dev`)
  setUrl(workshop, 'dev', `new_${number}`)
  setUrl(workshop, 'prod', 'prod_new')
  await must(workshop.door('db', 'adopt', '--env', 'prod'))
  await must(workshop.run('start'))
  return workshop
})

/** The same, after the deploy and the seeds; `filled` is the database. */
const seeded = once(async (tree) => {
  const workshop = await worktree(tree)
  const filled = new URL(workshop.url('dev')).pathname.slice(1)
  if (existsSync(workshop.file('prisma/migrations'))) await must(workshop.run('migrate', 'deploy'))
  const seeds = seedsIn(workshop)
  const env = { DATABASE_URL: workshop.url('dev'), WORKSHOP_ENV: 'dev' }
  const argv = [process.execPath, 'workshop/entry.mjs', 'course/seed-script', ...seeds]
  if (seeds.length > 0) await must(workshop.exec(argv, { env }))
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
  setUrl(workshop, 'prod', database)
  if (step.prod?.deploy) await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
  for (const seed of step.prod?.seeds ?? []) await must(workshop.run('seed', seed, '--env', 'prod'))
  return database
})

async function copyOf(database: string, name: string, owner: string): Promise<string> {
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${database} OWNER ${owner}`)
  return name
}

function setUrl(workshop: Workshop, env: 'dev' | 'prod', database: string): void {
  workshop.write(`.env.${env}.local`, `DATABASE_URL=${server.url(database, env, env)}\n`)
}

/** Finds each answer out when it is first asked for. */
function once<Answer>(find: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const found = new Map<string, Promise<Answer>>()
  return (key) => found.get(key) ?? found.set(key, find(key)).get(key)!
}
