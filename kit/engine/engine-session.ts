import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { DiffResult, DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { databaseOf } from './connection-url.ts'
import { createDatabase } from './create-database.ts'
import { engineMethods, openEngine } from './engine.ts'
import type { Engine, EngineMethods, EngineOptions } from './engine.ts'
import { EngineError, refusal } from './engine-error.ts'
import { openPool } from './pool.ts'
import { lastPanic, loadSchemaEngine } from './wasm.ts'

type Params = Record<string, unknown>
/** By what they are connected to. */
type Engines = Map<string, Promise<Engine>>

interface Request {
  id: number
  method?: string
  params?: Params
}

/** The schema engine's command line, as Prisma's CLI calls it. */
export async function runSchemaEngine(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      datamodels: { type: 'string', short: 'd', multiple: true, default: [] },
      datasource: { type: 'string', default: '{}' },
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
      version: { type: 'boolean' },
    },
  })
  if (values.version) return write(process.stdout, `schema-engine-cli ${loadSchemaEngine().version()}`)
  const { url, shadowDatabaseUrl } = JSON.parse(values.datasource) as EngineOptions
  if (positionals[0] === 'cli') return runVerb(positionals[1] ?? '', url || undefined)
  const datamodels = values.datamodels.map((path): [string, string] => [path, readFileSync(path, 'utf8')])
  runSession({ url: url || undefined, shadowDatabaseUrl: shadowDatabaseUrl || undefined, datamodels })
}

async function runVerb(verb: string, url: string | undefined): Promise<void> {
  try {
    if (url === undefined) throw new EngineError('The datasource URL is missing.')
    if (verb === 'can-connect-to-database') await (await openPool(url)).end()
    else if (verb === 'create-database') await createDatabase(url)
    else if (verb === 'drop-database') throw dropsNothing(url)
    else throw new EngineError(`The engine has no verb "${verb}".`)
  } catch (error) {
    const { code, message } = error as EngineError
    // The CLI drops the first line.
    write(process.stderr, '')
    write(process.stderr, logLine(message, code))
    process.exitCode = 1
  }
}

function dropsNothing(url: string): EngineError {
  return refusal(
    `Nothing was dropped: "db drop" is not for ${databaseOf(url)}.`,
    'What is dropped is gone, with every value in it.',
    ['To start again on DEV:  npm run db reset', 'Another database is dropped in psql:  DROP DATABASE …;'],
  )
}

/** Milliseconds between a request and the end of stdin that a program takes which sends both at once. */
const sentAtOnce = 250

/**
 * One JSON document a line, answered in order. A signal ends it, and so does a reader or a writer that is gone: nobody
 * would read the answer. Where stdin ends right after a request, as a pipe's does, that is still answered.
 */
function runSession(options: EngineOptions): void {
  const engines: Engines = new Map()
  let queue = Promise.resolve()
  let running: Request | undefined
  let isStopping = false
  let askedAt = 0

  const reply = ({ id }: Request, what: object) =>
    write(process.stdout, JSON.stringify({ jsonrpc: '2.0', id, ...what }))
  const answer = async (request: Request) => {
    running = request
    const { method = '', params = {} } = request
    const what = await dispatch(method, params, options, engines).then(
      (result) => ({ result: result ?? null }),
      (error: unknown) => ({ error: asRpcError(error) }),
    )
    running = undefined
    reply(request, what)
  }
  const stop = async (exitCode = 0) => {
    if (isStopping) return
    isStopping = true
    const opened = [...engines.values()].map(async (engine) => (await engine).close(running !== undefined))
    await Promise.allSettled(opened)
    process.stdout.write('', () => process.exit(exitCode))
  }

  const input = createInterface({ input: process.stdin, crlfDelay: Infinity })
  input.on('line', (line) => {
    const request = JSON.parse(line) as Request
    // A line without a method is the CLI's receipt for a "print".
    if (request.method === undefined) return
    askedAt = performance.now()
    queue = queue.then(() => answer(request))
  })
  input.on('close', () => {
    const isCutOff = running !== undefined && performance.now() - askedAt > sentAtOnce
    void (isCutOff ? stop() : queue.then(() => stop()))
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
  // A panic leaves the call without an answer: the CLI shows this line when the process ends. So does a request that lacks
  // something, which the engine throws past the call.
  process.on('uncaughtException', (error) => {
    if (running && !lastPanic()) reply(running, { error: asRpcError(error) })
    write(process.stderr, logLine(lastPanic() ?? error.stack ?? error.message))
    void stop(1)
  })
  // A CLI that was killed reads no more; the databases are cleaned up all the same.
  process.stdout.on('error', () => void stop())
}

async function dispatch(method: string, params: Params, options: EngineOptions, engines: Engines) {
  const url = urlNamed(params) ?? options.url
  if (method === 'createDatabase') return { databaseName: await createDatabase(url ?? '') }
  const name = method === 'getDatabaseVersion' ? 'version' : method
  if (name === 'introspectSql') throw noTypedSql()
  if (!isEngineMethod(name)) throw new EngineError(`The engine has no method "${method}".`)
  const filesOnly = name === 'diff' && comparesFilesOnly(params)
  const applying = (migration: string) => print(`Applying migration \`${migration}\``)
  const key = filesOnly ? 'files' : (url ?? '')
  const opening = engines.get(key) ?? openEngine({ ...options, url, filesOnly, applying, say: print })
  engines.set(key, opening)
  // The server may be there for the next request.
  opening.catch(() => engines.delete(key))
  const engine = await opening
  // The engine has no database to choose there, and breaks off without a parameter.
  if (name === 'version') return engine.version()
  const result = await (engine[name] as (params: unknown) => Promise<unknown>)(params)
  return name === 'diff' ? printDiff(result as DiffResult) : result
}

/** A request may name another database than the one that the engine was started for. */
function urlNamed({ datasource, datasourceType }: Params): string | undefined {
  return (datasource as { url?: string } | undefined)?.url ?? (datasourceType as { url?: string } | undefined)?.url
}

function noTypedSql(): EngineError {
  return refusal(
    'Nothing was generated: "prisma generate --sql" (TypedSQL) does not work here.',
    "It asks the engine for the types of each query, and Prisma's engine breaks off there when it is compiled to WebAssembly.",
    ['Without --sql the client is generated:  npx prisma generate', 'Run a query of your own with prisma.$queryRaw.'],
  )
}

/** The CLI expects the text as a request of the engine's, and then a result without it. */
function printDiff({ exitCode, stdout }: DiffResult) {
  if (stdout) print(stdout.replace(/\n$/, ''))
  return { exitCode, stdout: null }
}

/** Asks the CLI to show something to the user. */
function print(content: string): void {
  write(process.stdout, JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'print', params: { content } }))
}

/** Two models, or migrations and a model: no need for the database of the URL to be up. */
function comparesFilesOnly({ from, to }: Params): boolean {
  return [from, to].every((side) => ['empty', 'schemaDatamodel', 'migrations'].includes((side as DiffTarget).tag))
}

function isEngineMethod(name: string): name is keyof EngineMethods {
  return (engineMethods as readonly string[]).includes(name)
}

function asRpcError(error: unknown) {
  const { message, code, meta } = error as EngineError
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: { is_panic: false, message, error_code: code ?? null, meta: meta ?? null },
  }
}

function logLine(message: string, code?: string): string {
  const fields = { message, ...(code === undefined ? {} : { error_code: code }) }
  return JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`)
}
