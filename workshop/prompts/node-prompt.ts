// Runs as a process of its own, with DATABASE_URL set. Its arguments: the environment and, for -c, the code to run.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import repl, { Recoverable } from 'node:repl'
import { inspect } from 'node:util'
import { PrismaPg } from '@prisma/adapter-pg'
import { projectRoot, stateDir } from '../../kit/project/project.ts'
import { importTypeScript } from '../seeding/typescript.ts'
import { evaluate } from './evaluate.ts'

interface GeneratedClient {
  PrismaClient: new (options: object) => { $disconnect(): Promise<void> }
  Prisma: { ModelName?: Record<string, string> }
}

const [env = 'dev', command] = process.argv.slice(2)
const generated = join(projectRoot, 'prisma', 'generated', 'client.ts')
const { PrismaClient, Prisma } = (await importTypeScript(generated)) as GeneratedClient
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env['DATABASE_URL'] }) })
Object.assign(globalThis, { prisma, Prisma })
// Whoever reads the answer may stop early: `… | head`.
process.stdout.once('error', () => process.exit(0))

if (command !== undefined) await answer(command)
else if (process.stdin.isTTY) await talk()
else await readPipe()
await prisma.$disconnect()

/** Node's own prompt, with its editing and completion; what is typed goes through `evaluate`. */
async function talk(): Promise<void> {
  print(greeting())
  const server = repl.start({
    prompt: `${env}> `,
    useGlobal: true,
    ignoreUndefined: true,
    eval: (code, _context, _file, done) => void reply(code, done),
  })
  mkdirSync(stateDir, { recursive: true })
  server.setupHistory(join(stateDir, `shell-history-${env}`), () => {})
  await new Promise<void>((left) => server.once('exit', left))
}

async function reply(code: string, done: (error: Error | null, value: unknown) => void): Promise<void> {
  const it = await evaluate(code)
  if (it.kind === 'unfinished') return done(new Recoverable(new SyntaxError()), undefined)
  if (it.kind === 'value') return done(null, it.value)
  complain(errorText(it.value))
  done(null, undefined)
}

/** Statements end where a line ends and the code so far is whole. The exit code is 1 when one of them failed. */
async function readPipe(): Promise<void> {
  let code = ''
  for await (const line of createInterface({ input: process.stdin })) {
    code += `${line}\n`
    if (await answer(code, true)) code = ''
  }
  if (code.trim() !== '') await answer(code)
}

/** False when the code goes on in the next line. */
async function answer(code: string, mayGoOn = false): Promise<boolean> {
  const it = await evaluate(code)
  if (it.kind === 'unfinished' && mayGoOn) return false
  if (it.kind === 'value') {
    if (it.value !== undefined) print(inspect(it.value, { depth: 6, maxArrayLength: null }))
    return true
  }
  complain(it.kind === 'error' ? errorText(it.value) : 'SyntaxError: the code ends before it is whole')
  process.exitCode = 1
  return true
}

function greeting(): string {
  const models = Object.keys(Prisma.ModelName ?? {}).map((name) => `prisma.${name[0]!.toLowerCase()}${name.slice(1)}`)
  const here = models.join(', ') || 'prisma (the schema has no models yet)'
  const example = models[0] ? `\nFor example:  await ${models[0]}.findMany()` : ''
  return `Here is ${here}. Leave with .exit or Ctrl-D.${example}`
}

/** Prisma's own text, with its code, and without the stack of the prompt's insides. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught ${inspect(error)}`
  const code = 'code' in error ? ` ${String(error.code)}` : ''
  return `${error.name}${code}: ${error.message.trim()}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}
