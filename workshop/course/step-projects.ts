import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from '../../kit/project/project.ts'
import type { StepFiles } from './read-steps.ts'

/** Makes `folder` a project of its own, with these files and the workshop beside them. What stood there goes. */
export function layProject(folder: string, files: StepFiles): void {
  // The link first, and by itself: what it leads to stays.
  for (const wing of wings) if (existsSync(join(folder, wing))) rmSync(join(folder, wing))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const wing of wings) link(join(projectRoot, wing), join(folder, wing))
}

/** What a seed imports, and what that imports: TypeScript looks for it beside the link, not where the link leads. */
const wings = ['workshop', 'kit']

/** A link to a folder. Windows needs no special right for a junction. */
export function link(from: string, to: string): void {
  symlinkSync(from, to, 'junction')
}
