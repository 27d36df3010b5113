// Runs seeds, one after the other, as a process of its own with DATABASE_URL set. Its arguments: the files, then the flags
// of each seed.
import { resolve } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { renderProblem } from '../../kit/terminal/render-problem.ts'
import { CompileError, importTypeScript } from './typescript.ts'

const firstFlag = process.argv.findIndex((word, i) => i > 1 && word.startsWith('--'))
const files = process.argv.splice(2, firstFlag === -1 ? process.argv.length : firstFlag - 2)
try {
  for (const file of files) {
    await importTypeScript(resolve(file))
    if (process.exitCode) break
  }
} catch (error) {
  if (!(error instanceof CompileError)) throw error
  const problem = new Problem('A seed cannot be read: nothing was added.', {
    why: error.message,
    next: 'Correct that line, then type the same command again.',
  })
  process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
  process.exitCode = 1
}
