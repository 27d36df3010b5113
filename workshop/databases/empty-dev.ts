import pg from 'pg'
import { BrokenCluster, findCluster, setAside } from './cluster.ts'
import { isOwnServer, up } from './databases.ts'
import { ask, connectTo } from '../../kit/database/connection.ts'
import { openAsAdmin, provision, replaceDatabase } from '../../kit/database/provision.ts'
import { readTarget, type Target } from '../../kit/database/target.ts'
import { stateDir } from '../../kit/project/project.ts'

type Say = (line: string) => void

/** Drops DEV's database and makes it again, empty. A data folder that cannot be started is kept under another name. */
export async function emptyDev(say: Say): Promise<Target> {
  const target = await up('dev', say).catch((error) => mendDev(error, say))
  const admin = await openAsAdmin(target)
  if (!admin) {
    const client = await connectTo(target)
    await emptySchemas(client).finally(() => client.end())
    return target
  }
  try {
    await replaceDatabase(admin, target, (fresh) => provision(admin, fresh))
  } finally {
    await admin.end()
  }
  return target
}

/** What `up` cannot bring up and a reset can: a reset that was cut off, or a data folder that does not start. */
async function mendDev(error: unknown, say: Say): Promise<Target> {
  const cluster = await findCluster('dev', stateDir)
  const target = readTarget('dev')
  if (await isOwnServer(target)) {
    const { kind } = await ask(target)
    if (kind === 'no-database' || kind === 'unmarked') return target
  }
  if (!(error instanceof BrokenCluster)) throw error
  say(`DEV   ${error.message} It is kept as ${setAside(cluster)}.`)
  return up('dev', say)
}

async function emptySchemas(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace
     WHERE nspname !~ '^(pg_|information_schema$|workshop$)' AND pg_has_role(nspowner, 'usage')`,
  )
  await client.query('BEGIN')
  for (const { name } of rows) await client.query(`DROP SCHEMA ${pg.escapeIdentifier(name)} CASCADE`)
  await client.query('CREATE SCHEMA IF NOT EXISTS public')
  await client.query('COMMIT')
}
