import { spawn } from 'node:child_process'
import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { isExecutable } from '../../../kit/engine/prisma-binary.ts'
import { prismaDatasource } from '../../../kit/engine/prisma-datasource.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { scratchFolder, scratchServer, type ScratchServer } from '../../support/server.ts'
import {
  engineFile,
  freshDatabase,
  prismaCli,
  query,
  runPrisma,
  shadowDatabases,
  toyProject,
  type ToyProject,
} from '../../support/toy-project.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

const dev = 'postgresql://dev:dev@127.0.0.1:15431/dev'
const prod = 'postgresql://prod:prod@127.0.0.1:15432/prod'

describe('The datasource of a bare npx prisma', () => {
  let toy: ToyProject
  beforeEach(() => {
    toy = toyProject()
    toy.write('.env.dev', `DATABASE_URL=${dev}\n`)
    toy.write('.env.prod', `DATABASE_URL=${prod}\n`)
  })
  afterEach(() => toy.remove())

  test('is DEV, and .env.dev.local wins over .env.dev', () => {
    expect(prismaDatasource(true, {}, toy.folder)).toEqual({ url: dev })
    toy.write('.env.dev.local', 'DATABASE_URL="postgresql://me:p%40ss@127.0.0.1:1/mine" # mine\n')
    expect(prismaDatasource(true, {}, toy.folder)).toEqual({ url: 'postgresql://me:p%40ss@127.0.0.1:1/mine' })
  })

  test('is an exported DATABASE_URL, where there is one', () => {
    expect(prismaDatasource(true, { DATABASE_URL: 'postgresql://a@b/c' }, toy.folder)).toEqual({
      url: 'postgresql://a@b/c',
    })
  })

  test("makes PROD's shadow databases on DEV's server, under whatever role PROD is named", () => {
    const env = { DATABASE_URL: 'postgresql://admin:x@localhost:15432/prod' }
    expect(prismaDatasource(true, env, toy.folder)).toEqual({ url: env.DATABASE_URL, shadowDatabaseUrl: dev })
  })

  test('names no shadow database to a native engine, which would empty it', () => {
    expect(prismaDatasource(false, { DATABASE_URL: prod }, toy.folder)).toEqual({ url: prod })
  })

  test('takes an exported SHADOW_DATABASE_URL', () => {
    const env = { DATABASE_URL: prod, SHADOW_DATABASE_URL: 'postgresql://a@b/shadow' }
    expect(prismaDatasource(true, env, toy.folder).shadowDatabaseUrl).toBe('postgresql://a@b/shadow')
  })

  test('is empty, and no error, where the files are missing or hold nonsense', () => {
    toy.write('.env.dev', 'DATABASE_URL=nonsense\n')
    expect(prismaDatasource(true, {}, toy.folder)).toEqual({})
    expect(prismaDatasource(true, {}, join(toy.folder, 'nowhere'))).toEqual({})
  })
})

describe('In a copy of this repository', () => {
  let server: ScratchServer
  let workshop: Workshop
  let urls: { dev: string; prod: string }
  const prisma = (env: NodeJS.ProcessEnv, ...args: string[]) => runPrisma(workshop.folder, env, args, prismaCli)

  beforeAll(async () => {
    server = await scratchServer()
    workshop = scratchWorkshop({ inside: scratchFolder('work shop '), ports: false, isBuilt: true })
  })
  beforeEach(async () => {
    urls = { dev: await freshDatabase(server, 'dev', 'dev'), prod: await freshDatabase(server, 'prod', 'prod') }
    workshop.write('.env.dev.local', `DATABASE_URL=${urls.dev}\n`)
    workshop.write('.env.prod.local', `DATABASE_URL=${urls.prod}\n`)
  })
  afterAll(async () => {
    await workshop.remove()
    await server.stop()
  })

  test('a bare npx prisma works on DEV with no way to download an engine, and with one that lost its executable bit', async () => {
    const engine = workshop.file('kit/engine/schema-engine.mjs')
    chmodSync(engine, 0o644)
    expect(await prisma({}, 'migrate', 'deploy')).toMatchObject({ code: 0 })
    expect(await query(urls.dev, 'TABLE recruits')).toEqual([])
    expect(await prisma({}, 'migrate', 'dev')).toMatchObject({ code: 0 })
    expect(await prisma({}, 'migrate', 'status')).toMatchObject({ code: 0 })
    if (process.platform !== 'win32') expect(statSync(engine).mode & 0o111).toBe(0o111)
  })

  test('migrations are compared with PROD, whose role may not create databases, and DEV keeps its rows', async () => {
    const env = { DATABASE_URL: urls.prod }
    await applyMigrations(urls.prod, workshop.file('prisma/migrations'))
    await query(urls.dev, 'CREATE TABLE kept AS SELECT 1 AS id')
    const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-config-datasource', '--exit-code']
    const { code, output } = await prisma(env, ...diff)
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('No difference detected.') })
    expect(await query(urls.dev, 'TABLE kept')).toEqual([{ id: 1 }])
    expect(await shadowDatabases(server)).toEqual([])
  })

  test('generate, validate and --help need no env file', async () => {
    const bare = scratchWorkshop({ ports: false, isBuilt: true })
    for (const file of ['.env.dev', '.env.prod']) writeFileSync(bare.file(file), '')
    const commands = ['generate', 'validate', '--help']
    const ran = await Promise.all(commands.map((command) => runPrisma(bare.folder, {}, [command])))
    expect(ran).toMatchObject(commands.map(() => ({ code: 0 })))
    await bare.remove()
  })

  test('an engine that the user named wins', async () => {
    const own = workshop.file('own-engine.mjs')
    writeFileSync(own, "#!/usr/bin/env node\nprocess.stdout.write('schema-engine-cli of-my-own\\n')\n")
    chmodSync(own, 0o755)
    const { output } = await prisma({ PRISMA_SCHEMA_ENGINE_BINARY: own }, '--version')
    expect(output).toContain('of-my-own')
  })
})

describe('Where a script cannot be started', () => {
  test('Windows is taken to need Node in front of it', () => {
    expect(isExecutable(engineFile, 'win32')).toBe(false)
    expect(isExecutable(join(projectRoot, 'no-such-file'), 'linux')).toBe(false)
  })

  test('Prisma starts it with Node in front of it, both ways in which Prisma starts an engine', async () => {
    const server = await scratchServer()
    const engineFolder = join(projectRoot, 'kit', 'engine')
    const toy = toyProject()
    // A copy that only finds its modules, and that nobody may execute.
    const copy = join(toy.folder, 'engine.mjs')
    const loader = `import(${JSON.stringify(pathToFileURL(join(engineFolder, 'schema-engine.mjs')).href)})`
    writeFileSync(copy, loader, { mode: 0o644 })
    toy.write(
      'prisma.config.ts',
      `import { defineConfig } from 'prisma/config'
       import { startAsNodeScript } from ${JSON.stringify(join(engineFolder, 'prisma-binary.ts'))}
       startAsNodeScript(${JSON.stringify(copy)})
       process.env.PRISMA_SCHEMA_ENGINE_BINARY = ${JSON.stringify(copy)}
       export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: process.env.DATABASE_URL } })`,
    )
    const url = await freshDatabase(server)
    expect(await toy.prisma(url, 'migrate', 'deploy')).toMatchObject({
      code: 0,
      output: expect.stringContaining('All migrations have been successfully applied.'),
    })
    expect(statSync(copy).mode & 0o111).toBe(0)
    toy.remove()
    await server.stop()
  })

  test('a file that is executable starts by itself, from any folder', async () => {
    const toy = toyProject()
    const [program, ...args] = process.platform === 'win32' ? [process.execPath, engineFile] : [engineFile]
    const engine = spawn(program!, [...args, '--version'], { cwd: toy.folder })
    let output = ''
    engine.stdout.on('data', (chunk) => (output += chunk))
    const code = await new Promise((resolve) => engine.once('close', resolve))
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^schema-engine-cli [0-9a-f]{40}\n$/) })
    toy.remove()
  })
})
