import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { engineFile, freshDatabase, offlineEnv, toyProject, type ToyProject } from '../../support/toy-project.ts'

export interface EngineBed {
  server: ScratchServer
  toy: ToyProject
  /** The folder of the project's migrations. */
  migrations(): string
  /** A fresh database to which they are applied. */
  deployed(): Promise<string>
}

/** A server for the tests of this file, and a project of its own for each. */
export function engineBed(): EngineBed {
  const bed = {
    migrations: () => join(bed.toy.folder, 'prisma', 'migrations'),
    async deployed() {
      const url = await freshDatabase(bed.server)
      await applyMigrations(url, bed.migrations())
      return url
    },
  } as EngineBed
  beforeAll(async () => {
    bed.server = await scratchServer()
  })
  afterAll(() => bed.server.stop())
  beforeEach(() => {
    bed.toy = toyProject()
  })
  afterEach(() => bed.toy.remove())
  return bed
}

/** The engine's executable, with a request to it: its stdin stays open. */
export function asking(url: string, method: string, params: object): ChildProcessWithoutNullStreams {
  const engine = spawn(process.execPath, [engineFile, '--datasource', JSON.stringify({ url })], { env: offlineEnv() })
  engine.stdin.write(`${JSON.stringify({ id: 1, jsonrpc: '2.0', method, params })}\n`)
  return engine
}

/** One of the executable's verbs; the first line of its stderr is for the CLI to drop. */
export function verb(url: string, name: string): Promise<{ code: number | null; stderr: string }> {
  const engine = spawn(process.execPath, [engineFile, '--datasource', JSON.stringify({ url }), 'cli', name], {
    env: offlineEnv(),
  })
  let stderr = ''
  engine.stderr.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve) => engine.once('close', (code) => resolve({ code, stderr })))
}
