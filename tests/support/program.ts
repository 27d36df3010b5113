import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Ran {
  code: number
  /** Both outputs, in the order they came, without colours. */
  output: string
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv
  input?: string
  uid?: number
  detached?: boolean
}

/** Starts a program in a workshop's folder, with nothing in its environment that would lead it elsewhere. */
export function start(folder: string, [program, ...args]: string[], { env, uid, detached }: RunOptions): ChildProcess {
  const cleaned = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|DATABASE_URL|SHADOW_|WORKSHOP_|NODE_OPTIONS|PRISMA_|JEST_)/.test(name),
  )
  return spawn(program!, args, {
    cwd: folder,
    env: { ...Object.fromEntries(cleaned), ...certificates(folder), NO_COLOR: '1', CI: '', ...env },
    stdio: 'pipe',
    detached: detached ?? false,
    ...(uid !== undefined && { uid, gid: uid }),
  })
}

/**
 * Node reads these at each start, which is half of the time that it takes. `npm test` puts them away; a folder without
 * packages has still to reach the registry, at a company through its proxy.
 */
function certificates(folder: string): NodeJS.ProcessEnv {
  const file = process.env['WORKSHOP_CA_CERTS']
  return file && !existsSync(join(folder, 'node_modules', '.package-lock.json')) ? { NODE_EXTRA_CA_CERTS: file } : {}
}

/** What a program says until it ends. */
export function finished(child: ChildProcess, input?: string): Promise<Ran> {
  let output = ''
  child.stdout!.on('data', (chunk) => (output += chunk))
  child.stderr!.on('data', (chunk) => (output += chunk))
  // It may end before it has read anything, and need not.
  child.stdin!.on('error', () => {})
  child.stdin!.end(input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 128 : 1), output }))
  })
}

/** npm's own script, beside the running Node: no shell is needed to start it, on Windows neither. */
export function npmCli(): string {
  const folder = join(process.execPath, '..')
  const places = [join(folder, 'node_modules'), join(folder, '..', 'lib', 'node_modules')]
  const found = places.map((place) => join(place, 'npm', 'bin', 'npm-cli.js')).find((path) => existsSync(path))
  if (!found) throw new Error(`No npm beside ${basename(process.execPath)}`)
  return found
}
