import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildTags, type Built } from '../../workshop/course/tags.ts'
import { scratchFolder } from './server.ts'

/** A repository with a course of four steps, in a folder with spaces. */
export interface ToyCourse {
  folder: string
  /** What git prints, without the last line end; throws if git refuses. */
  git(...argv: string[]): string
  write(path: string, text: string): void
  /** Writes these files and commits everything. */
  commit(message: string, files?: Record<string, string>): void
  build(from?: string): Promise<Built & { said: string[] }>
  /** Ids of commits by tag. */
  ids(): Record<string, string>
  clone(...options: string[]): ToyCourse
}

const folders: string[] = []
const tags = ['step-00-start', 'step-01-model', 'step-02-typed-by-hand', 'step-03-rename']
export const toyTags = tags

export function stepText(title: string, todo: string[], removes: string[] = []): string {
  const step = { title, todo, removes, checks: [{ kind: 'schema' }] }
  return `import type { Step } from '../../workshop/course/step.ts'

export default ${JSON.stringify(step, null, 2)} satisfies Step
`
}

export function toyCourse(): ToyCourse {
  const course = courseIn(scratchFolder('toy course '))
  course.git('init', '--quiet', '--initial-branch=main')
  course.commit('Make the course', {
    '.gitignore': 'node_modules/\n',
    'README.md': 'A course\n',
    'workshop/tool.ts': 'export {}\n',
    'prisma/schema.prisma': 'model Recruit\n',
    'prisma/migrations/20250601_on_main/migration.sql': 'in no step\n',
    'seeds/c26.ts': 'finished\n',
    'steps/README.md': 'How a step is made\n',
    'steps/00-start/step.ts': stepText('A blank start', ['npm start']),
    'steps/00-start/files/prisma/schema.prisma': 'nothing yet\n',
    'steps/00-start/files/seeds/été 25.ts': 'a name with a space and accents\n',
    'steps/01-model/step.ts': stepText('The model', ['Write the model.', 'Look – at it.']),
    'steps/01-model/files/prisma/schema.prisma': 'model Recruit\n',
    'steps/02-typed-by-hand/step.ts': stepText('Drift, by hand', ['Type it.']),
    'steps/03-rename/step.ts': stepText('Another seed', ['Write it.'], ['seeds/été 25.ts']),
    'steps/03-rename/files/seeds/c26.ts': 'finished\n',
  })
  return course
}

export function removeToyCourses(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

export function courseIn(folder: string): ToyCourse {
  folders.push(folder)
  const git = (...argv: string[]) => {
    const who = ['-c', 'user.name=Learner', '-c', 'user.email=learner@example.com']
    const { status, stdout, stderr } = spawnSync('git', [...who, ...argv], { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`git ${argv.join(' ')}: ${stderr}`)
    return stdout.trimEnd()
  }
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    folder,
    git,
    write,
    commit(message, files = {}) {
      for (const [path, text] of Object.entries(files)) write(path, text)
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message', message)
    },
    async build(from) {
      const said: string[] = []
      const built = await buildTags((line) => said.push(line), { root: folder, ...(from !== undefined && { from }) })
      return { ...built, said }
    },
    ids() {
      const lines = git('for-each-ref', '--format=%(refname:short) %(*objectname)', 'refs/tags').split('\n')
      return Object.fromEntries(lines.filter(Boolean).map((line) => line.split(' ') as [string, string]))
    },
    clone(...options) {
      const copy = join(scratchFolder('toy clone '), 'the clone')
      folders.push(dirname(copy))
      git('clone', '--quiet', '--no-tags', ...options, pathToFileURL(folder).href, copy)
      return courseIn(copy)
    },
  }
}
