import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { cpSync, existsSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readSteps } from '../workshop/course/steps.ts'
import { projectRoot } from '../workshop/world/project.ts'
import { gitWorkshop, type GitWorkshop } from './support/git-workshop.ts'
import { migrationScripts } from './support/laid-steps.ts'
import { scratchFolder, scratchServer, type ScratchServer } from './support/server.ts'
import { workshopIn, type Ran, type Workshop } from './support/workshop.ts'

// Each tag in a worktree of its own, with a DEV of its own. PROD is one and the same: it only ever goes forward.

let server: ScratchServer
let clone: GitWorkshop
let admin: pg.Client
let before: Workshop | undefined
const folder = join(scratchFolder('worktrees '), 'of the tags')

beforeAll(async () => {
  server = await scratchServer()
  clone = gitWorkshop()
  expect(await clone.run('steps', 'build')).toMatchObject({ code: 0 })
  admin = new pg.Client(server.adminUrl)
  await admin.connect()
  await admin.query("CREATE ROLE dev LOGIN CREATEDB PASSWORD 'dev'")
  await admin.query("CREATE ROLE prod LOGIN PASSWORD 'prod'")
  await admin.query('CREATE DATABASE prod OWNER prod')
})
afterAll(async () => {
  await admin?.end()
  await server?.stop()
  await clone?.remove()
})

test.each(readSteps().map((step) => [step.tag, step] as const))(
  '%s works in a fresh worktree, on a fresh dev',
  async (tag, { number, step }) => {
    const database = `dev_${number}`
    await admin.query(`CREATE DATABASE ${database} OWNER dev`)
    clone.git('worktree', 'add', '--quiet', join(folder, tag), tag)
    const workshop = workshopIn(join(folder, tag))
    const { file, run, write } = workshop
    symlinkSync(realpathSync(join(projectRoot, 'node_modules')), file('node_modules'), 'junction')
    // Clients are kept by the hash of their schema: seven schemas in nineteen steps.
    if (before) cpSync(before.file('.workshop/clients'), file('.workshop/clients'), { recursive: true })
    before = workshop
    write('.env.dev.local', `DATABASE_URL=${server.url(database, 'dev', 'dev')}\n`)
    write('.env.prod.local', `DATABASE_URL=${server.url('prod', 'prod', 'prod')}\n`)
    if (number > 0) expectDone(await run('db', 'adopt', '--env', 'prod'))

    expectDone(await run('start'))
    if (existsSync(file('prisma/migrations'))) expectDone(await run('migrate', 'deploy'))
    const seeds = ['c25', 'c26', 'c27', 'c28'].filter((seed) => existsSync(file(`seeds/${seed}.ts`)))
    for (const seed of seeds) expectDone(await run('seed', seed))
    for (const sql of step.dev?.typed ?? []) await workshop.sql('dev', sql)
    // On a fresh DEV the backfill came before the recruits, and until step 6 the seed gives them no address.
    if (tag.endsWith('backfill')) await workshop.sql('dev', migrationScripts()[2]![1])
    if (step.prod?.deploy) expectDone(await run('migrate', 'deploy', '--env', 'prod'))
    for (const seed of step.prod?.seeds ?? []) expectDone(await run('seed', seed, '--env', 'prod'))

    write('tsconfig.seeds.json', JSON.stringify({ extends: './tsconfig.json', include: ['seeds'], files: [] }))
    if (seeds.length > 0)
      expectDone(
        await workshop.exec([process.execPath, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.seeds.json']),
      )
    expect(await run('check', String(number))).toMatchObject({ code: 0 })
  },
)

function expectDone({ code, output }: Ran): void {
  expect(code === 0 ? '' : output).toBe('')
}
