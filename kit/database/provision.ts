import pg from 'pg'
import { Problem } from '../terminal/problem.ts'
import { adminPassword } from './clone.ts'
import { open } from './connection.ts'
import { installGuard } from '../guard/guard.ts'
import { readMarker, writeMarker } from './marker.ts'
import { isLocal, type Target } from './target.ts'

/** The superuser's password in docker/compose.yaml. Those servers listen on loopback alone. */
const composePassword = 'workshop-admin'

/** A superuser's connection to the target's server, on `database`; undefined where we have none. Only `db` uses it. */
export async function openAsAdmin(target: Target, database = 'postgres'): Promise<pg.Client | undefined> {
  if (!isLocal(target.url)) return undefined
  for (const password of [adminPassword(), composePassword]) {
    const client = await open(adminUrl(target, database, password))
    if (client instanceof pg.Client) return client
  }
  return undefined
}

/**
 * Whether the target's database has yet to be made: the server holds no database but, unmarked, the target's own, and
 * what the workshop and Prisma make for themselves (archives, templates, shadow databases).
 */
export async function isFresh(admin: pg.Client, target: Target): Promise<boolean> {
  const database = databaseOf(target)
  const { rows } = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
     WHERE NOT datistemplate AND datname <> 'postgres' AND datname !~ '^(workshop_|prisma_migrate_shadow_db_)'
       AND NOT starts_with(datname, $1)`,
    [`${database}_archive_`],
  )
  if (rows.length === 0) return true
  if (rows.some(({ name }) => name !== database)) return false
  const inside = await openAsAdmin(target, database)
  try {
    return inside !== undefined && (await readMarker(inside)) === undefined
  } finally {
    await inside?.end()
  }
}

/** The name of the target's database. */
export function databaseOf({ url }: Target): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}

/** Makes role, database and marker as the target's URL names them, and PROD's guard. Can be repeated. */
export async function provision(admin: pg.Client, target: Target): Promise<void> {
  await makeDatabase(admin, target)
  if (target.env === 'prod') await inDatabase(target, installGuard)
}

/**
 * Makes role, database and marker. The role owns schema public and may create schemas; it is no superuser and does not own
 * the database. DEV's role may create databases (Prisma's shadow databases), PROD's may not. Can be repeated.
 */
export async function makeDatabase(admin: pg.Client, target: Target): Promise<void> {
  const { role, password } = loginOf(target)
  const database = databaseOf(target)
  if (role === 'postgres') throw isSuperuser(target)
  const r = pg.escapeIdentifier(role)
  const d = pg.escapeIdentifier(database)
  const exists = async (sql: string, name: string) => (await admin.query(sql, [name])).rowCount === 1

  if (!(await exists('SELECT FROM pg_roles WHERE rolname = $1', role))) await admin.query(`CREATE ROLE ${r}`)
  // The server's log keeps statements that fail; this one holds a password.
  await admin.query("SET log_min_error_statement = 'panic'")
  const mayCreate = target.env === 'dev' ? 'CREATEDB' : 'NOCREATEDB'
  await admin.query(
    `ALTER ROLE ${r} LOGIN NOSUPERUSER NOCREATEROLE ${mayCreate} PASSWORD ${pg.escapeLiteral(password)}`,
  )
  if (!(await exists('SELECT FROM pg_database WHERE datname = $1', database))) await admin.query(`CREATE DATABASE ${d}`)
  await admin.query(`GRANT CONNECT, TEMPORARY, CREATE ON DATABASE ${d} TO ${r}`)
  await inDatabase(target, async (inside) => {
    await inside.query(`ALTER SCHEMA public OWNER TO ${r}`)
    await writeMarker(inside, target.env, role)
  })
}

/**
 * Puts a database that `fill` makes in the place of DEV's. It is made under another name, and takes DEV's when it is whole:
 * whenever this is cut off, there is a DEV. Ends all sessions in the old one.
 */
export async function replaceDatabase(
  admin: pg.Client,
  target: Target,
  fill: (fresh: Target) => Promise<unknown>,
): Promise<void> {
  const [name, fresh] = [databaseOf(target), 'workshop_fresh']
  const url = new URL(target.url)
  url.pathname = `/${fresh}`
  await admin.query(`DROP DATABASE IF EXISTS ${fresh} WITH (FORCE)`)
  await fill({ ...target, url: url.href })
  await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`)
  await admin.query(`ALTER DATABASE ${fresh} RENAME TO ${pg.escapeIdentifier(name)}`)
}

/** Works in the target's database as its superuser, on a server of ours. */
export async function inDatabase<Result>(target: Target, work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const inside = await openAsAdmin(target, databaseOf(target))
  if (!inside) throw new Error(`No admin connection to ${databaseOf(target)}`)
  return work(inside).finally(() => inside.end())
}

function isSuperuser(target: Target): Problem {
  return new Problem(`${target.env.toUpperCase()} is not used as the superuser.`, {
    why: 'DATABASE_URL names the role postgres, which may do everything, and nothing could protect PROD from it.',
    next: `Name another role in ${target.files.at(-1)?.replace(/.*[\\/]/, '') ?? 'the env file'}, for example ${target.env}. It is made at the first start.`,
  })
}

function loginOf({ url }: Target): { role: string; password: string } {
  const { username, password } = new URL(url)
  return { role: decodeURIComponent(username), password: decodeURIComponent(password) }
}

function adminUrl(target: Target, database: string, password: string): string {
  const url = new URL(target.url)
  url.username = 'postgres'
  url.password = password
  url.pathname = `/${encodeURIComponent(database)}`
  // Schema public belongs to the learner: no function of theirs is to be taken for PostgreSQL's own.
  url.searchParams.set('options', '-c search_path=pg_catalog,pg_temp')
  return url.href
}
