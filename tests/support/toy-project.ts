import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import pg from 'pg'
import { openEngine, type Engine } from '../../kit/engine/engine.ts'
import { prisma } from '../../kit/project/processes.ts'
import { cloneId } from '../../kit/database/clone.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { scratchFolder, type ScratchServer } from './server.ts'
import type { Ran } from './program.ts'

/** A small Prisma project of its own, in a folder with spaces, whose `node_modules` is a link. */
export interface ToyProject {
  folder: string
  write(path: string, text: string): void
  /** Adds a migration; names sort in the order in which they are given. */
  migration(name: string, sql: string): void
  /** `prisma(url, 'migrate', 'status')`: Prisma's real command line, with no way to download an engine. */
  prisma(env: NodeJS.ProcessEnv | string, ...args: string[]): Promise<Ran>
  /** Its schema, as a request to the engine names it. */
  schema(): { files: { path: string; content: string }[]; configDir: string }
  remove(): void
}

export const prismaCli = [process.execPath, join(projectRoot, 'node_modules', 'prisma', 'build', 'index.js')]
export const engineFile = join(projectRoot, 'kit', 'engine', 'schema-engine.mjs')

const toyModel = `generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "postgresql"
}
model Recruit {
  id   Int    @id @default(autoincrement())
  name String
  @@map("recruits")
}
`
export const firstMigration =
  'CREATE TABLE "recruits" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "recruits_pkey" PRIMARY KEY ("id"));\n'

export function toyProject(engine = engineFile): ToyProject {
  const folder = scratchFolder('toy project ')
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const migration = (name: string, sql: string) => write(`prisma/migrations/${name}/migration.sql`, sql)
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction')
  write('package.json', '{ "type": "module" }')
  write('prisma/schema.prisma', toyModel)
  write('prisma/migrations/migration_lock.toml', 'provider = "postgresql"\n')
  migration('20250101000000_first', firstMigration)
  write(
    'prisma.config.ts',
    `import { defineConfig } from 'prisma/config'
    process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= ${JSON.stringify(engine)}
    export default defineConfig({
      schema: 'prisma/schema.prisma',
      migrations: { path: 'prisma/migrations' },
      datasource: { url: process.env.DATABASE_URL, shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL },
    })`,
  )
  return {
    folder,
    write,
    migration,
    schema() {
      const path = join(folder, 'prisma', 'schema.prisma')
      return { files: [{ path, content: readFileSync(path, 'utf8') }], configDir: folder }
    },
    prisma: (env, ...args) => runPrisma(folder, typeof env === 'string' ? { DATABASE_URL: env } : env, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The environment of a machine where no engine can be downloaded: nothing listens on port 1. */
export function offlineEnv(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_URL|SHADOW_|PRISMA_|NODE_OPTIONS)/.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    CHECKPOINT_DISABLE: '1',
    PRISMA_ENGINES_MIRROR: 'http://127.0.0.1:1',
    ...env,
  }
}

/** Prisma's command line: from what is kept of it, or as `npx prisma` starts `prismaCli`. */
export function runPrisma(
  folder: string,
  env: NodeJS.ProcessEnv,
  args: string[],
  cli: string[] = prisma,
): Promise<Ran> {
  const child = spawn(cli[0]!, [...cli.slice(1), ...args], {
    cwd: folder,
    env: offlineEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 128, output: stripVTControlCharacters(output) }))
  })
}

/** The engine in this process, closed when `work` has ended. */
export async function withEngine<Result>(url: string, work: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openEngine({ url })
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

/** One request to the engine's executable, as Prisma's command line sends it; the lines that it answers. */
export function request(env: NodeJS.ProcessEnv | string, method: string, params: object): Promise<Reply[]> {
  const { DATABASE_URL: url, ...more } = typeof env === 'string' ? { DATABASE_URL: env } : env
  const engine = spawn(process.execPath, [engineFile, '--datasource', JSON.stringify({ url })], {
    env: offlineEnv(more),
  })
  let output = ''
  engine.stdout.on('data', (chunk) => (output += chunk))
  engine.stdin.end(`${JSON.stringify({ id: 1, jsonrpc: '2.0', method, params })}\n`)
  return new Promise((resolve) =>
    engine.once('close', () =>
      resolve(
        output
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Reply),
      ),
    ),
  )
}

export interface Reply {
  result?: unknown
  error?: unknown
  params?: unknown
}

export const filters = { externalTables: [], externalEnums: [] }

let databases = 0

/** A fresh database for role `dev` (may create databases) or `prod` (may not); with a marker where it is given. */
export async function freshDatabase(
  server: ScratchServer,
  role: 'dev' | 'prod' = 'dev',
  marker?: string,
  clone = cloneId(),
): Promise<string> {
  const name = `db_${(databases += 1)}`
  await query(
    server.adminUrl,
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
         CREATE ROLE ${role} LOGIN PASSWORD '${role}' ${role === 'dev' ? 'CREATEDB' : ''};
       END IF;
     END $$`,
  )
  await query(server.adminUrl, `CREATE DATABASE ${name} STRATEGY file_copy`)
  const admin = server.url(name)
  await query(admin, `ALTER SCHEMA public OWNER TO ${role}; GRANT CREATE ON DATABASE ${name} TO ${role}`)
  if (marker) {
    await query(
      admin,
      `CREATE SCHEMA workshop; CREATE TABLE workshop.marker (environment text, clone text);
       INSERT INTO workshop.marker VALUES ('${marker}', '${clone}');
       GRANT USAGE ON SCHEMA workshop TO ${role}; GRANT SELECT ON workshop.marker TO ${role}`,
    )
  }
  return server.url(name, role, role)
}

export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** The shadow databases that stand on the server now. */
export async function shadowDatabases(server: ScratchServer): Promise<string[]> {
  const rows = await query<{ datname: string }>(
    server.adminUrl,
    `SELECT datname FROM pg_database WHERE datname LIKE '%shadow%'`,
  )
  return rows.map(({ datname }) => datname)
}
