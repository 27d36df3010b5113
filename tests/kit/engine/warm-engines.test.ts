import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { collect, prisma } from '../../../kit/project/processes.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { freshDatabase, offlineEnv, toyProject, type ToyProject } from '../../support/toy-project.ts'

// Engines that start beside Prisma's command line, before it asks for them.

let server: ScratchServer
let project: ToyProject
beforeAll(async () => {
  server = await scratchServer()
  project = toyProject()
})
afterAll(async () => {
  project.remove()
  await server.stop()
})

async function run(url: string, ...words: string[]) {
  const env = offlineEnv({ DATABASE_URL: url })
  const { code, output } = await collect([...prisma, ...words], { cwd: project.folder, env })
  return { code, output: stripVTControlCharacters(output) }
}

/** Processes that work in the project's folder. Only Linux tells. */
function atWork(): string[] {
  const cwd = (pid: string) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`)
    } catch {
      return ''
    }
  }
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && cwd(pid) === project.folder)
}

async function expectNobodyAtWork(): Promise<void> {
  for (let i = 0; i < 100 && atWork().length > 0; i++) await sleep(50)
  expect(atWork()).toEqual([])
}

test('say what engines say that were not started early', async () => {
  const url = await freshDatabase(server)
  for (const words of [
    ['migrate', 'status'],
    ['migrate', 'deploy'],
    ['migrate', 'status'],
    ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'],
  ]) {
    const early = await run(url, ...words)
    // Deployed once, there is nothing more to deploy.
    if (words[1] !== 'deploy') expect(early).toEqual(await project.prisma(url, ...words))
    else expect(early).toMatchObject({ code: 0, output: expect.stringContaining('20250101000000_first') })
  }
  await expectNobodyAtWork()
})

test('leave when the command ends without them', async () => {
  const ran = await run('postgresql://dev:dev@127.0.0.1:1/nowhere', 'migrate', 'status')
  expect(ran).toMatchObject({ code: 1, output: expect.stringContaining('P1001') })
  await expectNobodyAtWork()
  project.write('prisma/schema.prisma', 'model {')
  expect(await run(await freshDatabase(server), 'migrate', 'status')).toMatchObject({ code: 1 })
  await expectNobodyAtWork()
})

test('are not started where somebody has chosen another engine', async () => {
  const env = offlineEnv({
    DATABASE_URL: 'postgresql://dev:dev@127.0.0.1:1/nowhere',
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  })
  const { output } = await collect([...prisma, 'migrate', 'status'], { cwd: project.folder, env })
  expect(output).not.toContain('P1001')
  await expectNobodyAtWork()
})
