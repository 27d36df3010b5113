import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Esbuild from 'esbuild'
import type { BuildFailure, Message, Plugin } from 'esbuild'
import { compiledFolder, projectRoot } from '../../kit/project/project.ts'

/** A TypeScript file that cannot be read. The message has a line for each error: `seeds/c26.ts:3:7: what is wrong`. */
export class CompileError extends Error {}

/**
 * Imports a learner's TypeScript file with all that it imports. Throws a CompileError for a file that cannot be read; what
 * the file itself throws goes through, with the lines of its source.
 */
export async function importTypeScript(file: string): Promise<unknown> {
  const { build } = createRequire(import.meta.url)('esbuild') as typeof Esbuild
  // Packages are found from where a module lies, so it lies in this project while it runs.
  const folder = join(projectRoot, '.workshop', 'learner')
  const name = `${basename(file)}-${process.pid}`
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: { [name]: file },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    plugins: [compiledWorkshop, requiredRuntime],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
    write: false,
  }).catch((failure: BuildFailure) => {
    throw new CompileError(failure.errors?.map(describe).join('\n') ?? failure.message)
  })
  process.once('exit', () => outputFiles.forEach(({ path }) => rmSync(path, { force: true })))
  try {
    mkdirSync(folder, { recursive: true })
    for (const { path, contents } of outputFiles) writeFileSync(path, contents)
  } catch {
    // A folder that is read-only, or a full disk: file by file, in memory.
    const { register } = await import('tsx/esm/api')
    register()
    return import(pathToFileURL(file).href)
  }
  return import(pathToFileURL(join(folder, `${name}.mjs`)).href).catch((error: Error) => {
    // A stack is written when it is first looked at: now, while the map of its lines is here.
    void error.stack
    throw error
  })
}

/** What a seed imports from workshop/ is compiled already. */
const compiledWorkshop: Plugin = {
  name: 'compiled workshop',
  setup(build) {
    for (const [imported, entry] of entries) {
      build.onResolve({ filter: imported }, () => {
        if (compiledFolder === undefined) return undefined
        return { path: pathToFileURL(join(compiledFolder, 'workshop', entry)).href, external: true }
      })
    }
  },
}

const entries: readonly (readonly [imported: RegExp, entry: string])[] = [
  [/\/workshop\/(seeding|course)\/seeding\.ts$/, join('seeding', 'seeding.mjs')],
  [/\/workshop\/lab\/seed-portal\.ts$/, join('lab', 'seed-portal.mjs')],
]

/** Node reads a package of the older kind twice when it is imported, and once when it is required. */
const requiredRuntime: Plugin = {
  name: 'required runtime',
  setup(build) {
    const path = '@prisma/client/runtime/client'
    build.onResolve({ filter: /^@prisma\/client\/runtime\/client$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path, namespace: 'required' } : { path, external: true },
    )
    build.onLoad({ filter: /./, namespace: 'required' }, () => ({ contents: `module.exports = require('${path}')` }))
  },
}

function describe({ location, text }: Message): string {
  const at = location ? `${relative('', location.file)}:${location.line}:${location.column + 1}: ` : ''
  return at + text
}
