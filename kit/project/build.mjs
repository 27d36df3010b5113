// Compiles kit/ and workshop/ once, so that a command starts in a fraction of the time. It needs nothing but Node until there is
// something to compile.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nameSources } from './source-names.mjs'
import { tellBuild, toldBuild } from './told-build.cjs'
import './wasm-tiering.cjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const wings = ['kit', 'workshop']
const builds = join(root, '.workshop', 'built')

/** Modules that a process starts with. What two of them use is compiled into a file of its own. */
const entries = [
  'kit/engine/engine-session',
  'workshop/cli',
  'workshop/lab/seed-portal',
  'workshop/prompts/node-prompt',
  'workshop/seeding/seed-script',
  'workshop/seeding/seeding',
  'workshop/walkthrough/play-prod',
]

/** Packages that find files beside themselves, or are large and seldom wanted. All others are compiled in. */
const external = [
  '@lydell/node-pty',
  '@prisma/client',
  '@prisma/schema-engine-wasm',
  'esbuild',
  'libpg-query',
  'psql-describe',
]

/** Imports one of the `entries`, compiled from the sources as they are now, into a process that is there for this. */
export async function load(entry) {
  await import('./js-tiering.cjs')
  const folder = parentsBuild() ?? (await currentBuild())
  if (folder) {
    nameSources()
    tellBuild(folder)
    return import(entryIn(folder, entry))
  }
  // Nothing can be kept here. tsx compiles in memory, file by file, which takes half a second at every start.
  const { register } = await import('tsx/esm/api')
  register()
  return import(pathToFileURL(join(root, `${entry}.ts`)).href)
}

/** The address of a compiled entry; undefined where nothing can be written. */
export async function compiled(entry) {
  const folder = await currentBuild()
  return folder && entryIn(folder, entry)
}

/** What the process runs that has started this one: whoever edits a source meanwhile edits the next command's. */
function parentsBuild() {
  const folder = toldBuild()
  return folder && dirname(folder) === builds && existsSync(folder) ? folder : undefined
}

async function currentBuild() {
  const folder = join(builds, stateOfSources())
  return existsSync(folder) || (await build(folder)) ? folder : undefined
}

function entryIn(folder, entry) {
  return pathToFileURL(join(folder, `${entry}.mjs`)).href
}

/** A hash of all that is compiled, packages included. It takes some ten milliseconds, and no copy or clock can fool it. */
function stateOfSources() {
  const files = wings.flatMap((wing) => sourcesIn(join(root, wing)))
  const hash = createHash('sha1')
  for (const file of files.sort()) hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file))
  // Versions of packages. A packed guard brings no lock file, and is never anything but new.
  const lock = join(root, 'package-lock.json')
  if (existsSync(lock)) hash.update(readFileSync(lock))
  return hash.digest('hex').slice(0, 16)
}

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${sep}${entry.name}`
    if (entry.isDirectory()) return entry.name === 'page' ? [] : sourcesIn(path)
    return /\.m?[jt]s$/.test(entry.name) ? [path] : []
  })
}

/** Writes a build beside its place and moves it there: whole or not at all. False where nothing can be written. */
async function build(folder) {
  const esbuild = await import('esbuild')
  const fresh = `${folder}.${process.pid}`
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map((entry) => [entry, `./${entry}.ts`])),
    outdir: fresh,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external,
    // Packages of the older kind ask for Node's modules with require.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    // pg asks for it to learn whether it runs at Cloudflare, and Node then loads all of its HTTP client.
    define: { Response: 'undefined' },
    logLevel: 'silent',
    write: false,
  })
  // Its process would live as long as this one.
  await esbuild.stop()
  try {
    mkdirSync(builds, { recursive: true })
    for (const { path, contents } of outputFiles) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, contents)
    }
    renameSync(fresh, folder)
    removeOldBuilds(folder)
    return true
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    // Another first command was quicker, or the folder is read-only, or the disk full: none of it ends a command.
    if (!error.code) throw error
    return existsSync(folder)
  }
}

/** A command that is still running may load a part of an older build: those of the last hour stay, and the newest. */
function removeOldBuilds(current) {
  const age = (name) => Date.now() - statSync(join(builds, name)).mtimeMs
  for (const name of readdirSync(builds)) {
    if (name === basename(current) || age(name) < 3_600_000) continue
    rmSync(join(builds, name), { recursive: true, force: true })
  }
}
