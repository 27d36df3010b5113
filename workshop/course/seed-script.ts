// Runs one seed, as a process of its own with DATABASE_URL set. Its arguments: the file, then the seed's own flags.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem } from '../plain/problem.ts'
import { renderProblem } from '../plain/render.ts'
import { projectRoot } from '../world/project.ts'

const [file = ''] = process.argv.splice(2, 1)
try {
  await import(pathToFileURL(join(projectRoot, file)).href)
} catch (error) {
  if ((error as Error).name !== 'TransformError') throw error
  // What TypeScript's reader says, without the trace of the program that read it.
  const [, ...lines] = (error as Error).message.split('\n')
  const problem = new Problem('A seed cannot be read: nothing was added.', {
    why: lines.join('\n').trim(),
    next: 'Correct that line, then type the same command again.',
  })
  process.stderr.write(`${renderProblem(problem, process.stderr.columns)}\n`)
  process.exitCode = 1
}
