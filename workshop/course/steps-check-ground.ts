import { randomInt } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { Problem } from '../../kit/terminal/problem.ts'
import { generate } from '../../kit/project/generated-client.ts'
import { adminPassword } from '../../kit/database/clone.ts'
import { findCluster, makeCluster, PortTaken, startCluster, stopCluster, type Cluster } from '../databases/cluster.ts'
import { collect } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { quickFolder } from '../../kit/project/quick-folder.ts'
import { openAsAdmin, provision } from '../../kit/database/provision.ts'
import { envs, type Env, type Target } from '../../kit/database/target.ts'
import { layProject, link } from './step-projects.ts'
import type { StepFiles } from './read-steps.ts'

/** A folder of its own, with one project for each step, and a server of its own with a dev and a prod. */
export interface Ground {
  folder: string
  /** Lays a step's files, with the workshop beside them. Returns the project's folder. */
  lay(name: string, files: StepFiles): string
  target(env: Env): Target
  /** The address, as DEV's role, of a database that stays when DEV's is dropped. */
  server: string
  /** Drops DEV's database and makes it again, empty. */
  emptyDev(): Promise<void>
  remove(): Promise<void>
}

export async function makeGround(): Promise<Ground> {
  const folder = mkdtempSync(join(quickFolder(), 'workshop-steps-check-'))
  // The server may run as another user, who has to be able to walk in.
  chmodSync(folder, 0o755)
  let found: Cluster | undefined
  const remove = async () => {
    if (found) await stopCluster(found)
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    if (found) rmSync(found.files.home, { recursive: true, force: true })
  }
  try {
    const cluster = (found = await findCluster('server', join(folder, 'server')))
    await makeCluster(cluster, adminPassword(), { sync: false })
    const port = await startSomewhere(cluster)
    const target = (env: Env): Target => ({
      env,
      url: `postgresql://${env}:${env}@127.0.0.1:${port}/${env}`,
      files: [],
    })
    for (const env of envs) await asAdmin(target(env), (admin) => provision(admin, target(env)))
    link(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    return {
      folder,
      lay(name, files) {
        layProject(join(folder, name), files)
        return join(folder, name)
      },
      target,
      server: `postgresql://dev:dev@127.0.0.1:${port}/postgres`,
      emptyDev: () =>
        asAdmin(target('dev'), async (admin) => {
          await admin.query('DROP DATABASE dev WITH (FORCE)')
          await provision(admin, target('dev'))
        }),
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Generates the client of each project, once for each schema. Returns what Prisma complains about, by project. */
export async function generateClients(
  projects: readonly { folder: string; schema: string }[],
): Promise<Map<string, string>> {
  const complaints = new Map<string, string>()
  const made = new Map<string, string>()
  const distinct = projects.filter(({ folder, schema }) => !made.has(schema) && made.set(schema, folder))
  const work = async () => {
    for (let next = distinct.shift(); next; next = distinct.shift()) {
      const { folder } = next
      await generate(folder).catch((error) => {
        if (!(error instanceof Problem)) throw error
        complaints.set(folder, error.why)
      })
    }
  }
  await Promise.all([work(), work()])
  for (const { folder, schema } of projects) {
    const source = made.get(schema)!
    if (source === folder || complaints.has(source)) continue
    cpSync(join(source, 'prisma', 'generated'), join(folder, 'prisma', 'generated'), { recursive: true })
  }
  return complaints
}

/** Compiles the seeds of all projects at once. Returns TypeScript's complaints, by the project's name. */
export async function compileSeeds(folder: string): Promise<Map<string, string[]>> {
  const config = { extends: join(projectRoot, 'tsconfig.json'), include: ['*/seeds/**/*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(projectRoot, 'node_modules', 'typescript-compiler', 'bin', 'tsc')
  const { code, output } = await collect([process.execPath, tsc, '--noEmit', '--pretty', 'false', '-p', folder], {
    cwd: folder,
  })
  const complaints = new Map<string, string[]>()
  for (const line of code === 0 ? [] : output.split('\n')) {
    const [, name, complaint] = /^([^/\s]+)\/(\S+\(\d+,\d+\): error .*)$/.exec(line) ?? []
    if (name && complaint) complaints.set(name, [...(complaints.get(name) ?? []), complaint])
  }
  if (code !== 0 && complaints.size === 0 && !output.includes('TS18003')) throw new Error(output)
  return complaints
}

async function asAdmin(target: Target, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = await openAsAdmin(target)
  if (!admin) throw new Error('No admin connection to the server of steps check')
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

async function startSomewhere(cluster: Cluster): Promise<number> {
  for (;;) {
    // Below the range from which systems take ports for outgoing connections.
    const port = randomInt(20_000, 30_000)
    try {
      await startCluster(cluster, port)
      return port
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error
    }
  }
}
