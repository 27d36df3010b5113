// Runs one seed, as a process of its own with DATABASE_URL set. Its arguments: the file, then the seed's own flags.
import { resolve } from 'node:path'
import { Problem } from '../plain/problem.ts'
import { renderProblem } from '../plain/render.ts'
import { CompileError, importTypeScript } from '../world/typescript.ts'

const [file = ''] = process.argv.splice(2, 1)
try {
  await importTypeScript(resolve(file))
} catch (error) {
  if (!(error instanceof CompileError)) throw error
  const problem = new Problem('A seed cannot be read: nothing was added.', {
    why: error.message,
    next: 'Correct that line, then type the same command again.',
  })
  process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
  process.exitCode = 1
}
