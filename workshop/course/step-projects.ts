import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from '../../kit/project/project.ts'
import type { StepFiles } from './read-steps.ts'

/** Makes `folder` a project of its own, with these files and the workshop beside them. What stood there goes. */
export function layProject(folder: string, files: StepFiles): void {
  // The link first, and by itself: what it leads to stays.
  if (existsSync(join(folder, 'workshop'))) rmSync(join(folder, 'workshop'))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  link(join(projectRoot, 'workshop'), join(folder, 'workshop'))
}

/** A link to a folder. Windows needs no special right for a junction. */
export function link(from: string, to: string): void {
  symlinkSync(from, to, 'junction')
}
