import { existsSync } from 'node:fs'
import pg from 'pg'
import { notices } from '../../kit/terminal/notices.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { adopt as adoptClone, adminPassword } from '../../kit/database/clone.ts'
import { findCluster, isMade, makeCluster, PortTaken, runningPort, startCluster, stopCluster } from './cluster.ts'
import { ask, connectTo, explain, open, type Answer } from '../../kit/database/connection.ts'
import { installGuard, readGuard } from '../../kit/guard/guard.ts'
import { writeMarker } from '../../kit/database/marker.ts'
import { freePortAfter, isMovable, movePort } from './ports.ts'
import { stateDir } from '../../kit/project/project.ts'
import { databaseOf, isFresh, openAsAdmin, provision } from '../../kit/database/provision.ts'
import { serverVersion } from './server-files.ts'
import { isSameFolder } from './server-process.ts'
import { type Env, isLocal, locate, readTarget, type Target } from '../../kit/database/target.ts'

type Say = (line: string) => void

/**
 * Brings one database up and returns its target. What answers at the URL is used, whatever started it, if it is this
 * clone's; where nothing answers on this machine, this clone's own server is started, and made at the first time.
 */
export async function up(env: Env, say: Say): Promise<Target> {
  const target = readTarget(env)
  const answer = await askOnceReady(target)
  switch (answer.kind) {
    case 'ours':
      await answer.client.end()
      await assertOwnFolder(target)
      await mendGuard(target, say)
      return target
    case 'unreachable':
      if (!isLocal(target.url)) throw explain(target, answer)
      return startOwn(target, say)
    case 'unmarked':
      if (!answer.isEmpty) throw explain(target, answer)
      if (!(await provisionIfFresh(target, say))) await claim(target, say)
      return target
    case 'wrong-password':
    case 'no-database':
      if (await provisionIfFresh(target, say)) return target
      return (await isOwnServer(target)) ? fail(target, answer) : startElsewhere(target, answer, say)
    case 'other-clone':
    case 'not-postgres':
      return (await isOwnServer(target)) ? fail(target, answer) : startElsewhere(target, answer, say)
    case 'no-access':
      return remakeHalfDropped(target, answer, say)
    default:
      throw explain(target, answer)
  }
}

/** Stops this clone's own server. Returns false when there was nothing to stop. */
export async function down(env: Env): Promise<boolean> {
  return stopCluster(await findCluster(env, stateDir))
}

/** Takes in the database at the target's URL: one that another clone made, or one that has no marker yet. */
export async function adopt(target: Target): Promise<'adopted' | 'ours already'> {
  const answer = await ask(target)
  if (answer.kind === 'ours') {
    await answer.client.end()
    return 'ours already'
  }
  if (answer.kind === 'other-clone') adoptClone(answer.marker)
  else if (answer.kind === 'unmarked') await claim(target, () => {})
  else throw explain(target, answer)
  return 'adopted'
}

async function startOwn(target: Target, say: Say): Promise<Target> {
  const { env } = target
  const cluster = await findCluster(env, stateDir)
  if (!isMade(cluster)) {
    say(`${env.toUpperCase().padEnd(4)}  making a PostgreSQL ${serverVersion} server (once, a few seconds) …`)
    await makeCluster(cluster, adminPassword())
  }
  const running = runningPort(cluster)
  const port = Number(new URL(target.url).port || 5432)
  if (running !== undefined && running !== port) {
    say(`${env.toUpperCase().padEnd(4)}  moving the server from port ${running} to ${port} …`)
    await stopCluster(cluster)
  }
  try {
    await startCluster(cluster, port)
  } catch (error) {
    if (error instanceof PortTaken)
      return startElsewhere(target, { kind: 'not-postgres', message: 'the port is taken' }, say)
    throw error
  }
  return settle(target, say)
}

/** After a start: provisions a new server, and looks whether the database at the URL is the one meant. */
async function settle(target: Target, say: Say): Promise<Target> {
  const answer = await askOnceReady(target)
  if (answer.kind === 'ours') {
    await answer.client.end()
    await mendGuard(target, say)
  } else if (answer.kind !== 'wrong-password' && answer.kind !== 'no-database') throw explain(target, answer)
  else if (!(await provisionIfFresh(target, say))) throw explain(target, answer)
  return target
}

/** A drop of DEV that was cut off leaves a database that lets nobody in. */
async function remakeHalfDropped(target: Target, answer: Exclude<Answer, { kind: 'ours' }>, say: Say): Promise<Target> {
  const isHalfDropped = 'message' in answer && answer.message.includes('invalid database')
  const admin = isHalfDropped && target.env === 'dev' ? await openAsAdmin(target) : undefined
  if (!admin) throw explain(target, answer)
  try {
    say('DEV   was half dropped when something was cut off: making it again, empty …')
    await admin.query(`DROP DATABASE ${pg.escapeIdentifier(databaseOf(target))} WITH (FORCE)`)
    await provision(admin, target)
    return target
  } finally {
    await admin.end()
  }
}

async function startElsewhere(target: Target, answer: Exclude<Answer, { kind: 'ours' }>, say: Say): Promise<Target> {
  if (!isMovable(target)) throw explain(target, answer)
  const port = await freePortAfter(target)
  say(
    `${target.env.toUpperCase().padEnd(4)}  port ${new URL(target.url).port} is taken: using ${port}, noted in .env.${target.env}.local`,
  )
  movePort(target, port)
  return startOwn(readTarget(target.env), say)
}

async function provisionIfFresh(target: Target, say: Say): Promise<boolean> {
  const admin = await openAsAdmin(target)
  if (!admin) return false
  try {
    if (!(await isFresh(admin, target))) return false
    say(`${target.env.toUpperCase().padEnd(4)}  making the database ${locate(target)} …`)
    await provision(admin, target)
    return true
  } finally {
    await admin.end()
  }
}

/** Writes the marker with the target's own role: the way for a server of which we are not the admin. */
async function claim(target: Target, say: Say): Promise<void> {
  const client = await open(target.url)
  if (!(client instanceof pg.Client)) throw explain(target, client)
  try {
    say(`${target.env.toUpperCase().padEnd(4)}  marking ${locate(target)} as this clone's ${target.env}`)
    await writeMarker(client, target.env, decodeURIComponent(new URL(target.url).username))
  } finally {
    await client.end()
  }
}

/** Puts PROD's guard back where a part of it is gone, which only a superuser can have done. */
async function mendGuard(target: Target, say: Say): Promise<void> {
  if (target.env !== 'prod') return
  const client = await connectTo(target)
  const state = await readGuard(client).finally(() => client.end())
  const inside = state === 'whole' ? undefined : await openAsAdmin(target, databaseOf(target))
  if (!inside) return
  say('PROD  putting its guard into the database …')
  await installGuard(inside).finally(() => inside.end())
  notices.delete('PROD has lost its guard')
}

/** A copy of this folder has the same marks and ports; its servers must not be taken for the original's. */
async function assertOwnFolder(target: Target): Promise<void> {
  const cluster = isLocal(target.url) ? await findCluster(target.env, stateDir) : undefined
  if (!cluster || !isMade(cluster)) return
  const admin = await openAsAdmin(target)
  const { rows } = (await admin?.query<{ folder: string }>("SELECT current_setting('data_directory') AS folder")) ?? {
    rows: [],
  }
  await admin?.end()
  const folder = rows[0]?.folder
  if (folder === undefined || !existsSync(folder) || isSameFolder(folder, cluster.dataDir)) return
  throw new Problem(`This folder is a copy: ${target.env.toUpperCase()} is the server of another one.`, {
    why: `What answers for ${locate(target)} keeps its data in ${folder}. Nothing was changed.`,
    next: [
      'Work in the other folder.',
      'Or make this copy a clone of its own: delete .workshop and .env.*.local here, then  npm start',
    ],
  })
}

/** Whether what listens at the target's port is the server in this clone's folder. */
export async function isOwnServer(target: Target): Promise<boolean> {
  const cluster = await findCluster(target.env, stateDir)
  return isMade(cluster) && runningPort(cluster) === Number(new URL(target.url).port || 5432)
}

function fail(target: Target, answer: Exclude<Answer, { kind: 'ours' }>): never {
  throw explain(target, answer)
}

/** A server that has just started replays its log first; that is worth a minute of waiting. */
async function askOnceReady(target: Target): Promise<Answer> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await ask(target)
    if (answer.kind !== 'starting' || Date.now() > deadline) return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
