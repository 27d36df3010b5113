import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { reviewBranch } from '../../kit/review/review.ts'
import type { ReviewOptions } from '../../kit/review/review-place.ts'
import type { ReviewPlace } from '../../kit/review/review-place.ts'
import type { BranchCheck } from '../../kit/review/branch-checks.ts'
import type { ReviewReport } from '../../kit/review/review-report.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { scratchFolder } from './server.ts'
import { courseIn, type ToyCourse } from './toy-course.ts'

/** A small Prisma repository, in a folder with spaces: two migrations have landed on main, and a branch is begun. */
export interface ReviewRepository extends ToyCourse {
  migration(name: string, sql: string): void
  /** What the review says of what is committed, by the texts alone. */
  review(options?: ReviewOptions, place?: Partial<ReviewPlace>, checks?: readonly BranchCheck[]): Promise<ReviewReport>
  remove(): void
}

export const landedNames = ['20250101000000_first', '20250102000000_second'] as const
export const firstSql = `CREATE TABLE "recruits" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, "nick" TEXT,
  CONSTRAINT "recruits_pkey" PRIMARY KEY ("id"));\n`
export const schemaOf = (...fields: string[]) => `datasource db {
  provider = "postgresql"
}
model Recruit {
  id   Int     @id @default(autoincrement())
  name String
  nick String?
  age  Int?
${fields.map((field) => `  ${field}\n`).join('')}
  @@map("recruits")
}
`

export function reviewRepository(files?: Record<string, string>): ReviewRepository {
  if (files) return begunRepository(scratchFolder('reviewed repository '), files)
  return repositoryIn(copyOf('reviewed-repository', (folder) => begunRepository(folder, {})))
}

/** What a worker has made once: one git takes longer than a copy of all that five of them have made. */
function copyOf(name: string, make: (folder: string) => void): string {
  const made = join(process.env['WORKSHOP_TEST_RUN']!, `${name}-${process.pid}`)
  if (!existsSync(made)) {
    mkdirSync(`${made}.new`)
    make(`${made}.new`)
    renameSync(`${made}.new`, made)
  }
  const folder = scratchFolder('reviewed repository ')
  cpSync(made, folder, { recursive: true, verbatimSymlinks: true })
  return folder
}

function begunRepository(folder: string, files: Record<string, string>): ReviewRepository {
  const repository = repositoryIn(folder)
  repository.git('init', '--quiet', '--initial-branch=main')
  repository.git('config', 'core.autocrlf', 'false')
  repository.migration(landedNames[0], firstSql)
  repository.migration(landedNames[1], 'ALTER TABLE "recruits" ADD COLUMN "age" INTEGER;\n')
  repository.commit('Begin', {
    'package.json': '{ "name": "toy" }\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'prisma/schema.prisma': schemaOf(),
    ...files,
  })
  repository.git('switch', '--quiet', '--create', 'feature')
  return repository
}

function repositoryIn(folder: string): ReviewRepository {
  const course = courseIn(folder)
  const folders = [folder]
  return {
    ...course,
    clone(...options) {
      const clone = course.clone(...options)
      folders.push(dirname(clone.folder))
      return clone
    },
    migration: (name, sql) => course.write(`prisma/migrations/${name}/migration.sql`, sql),
    review: (options = {}, place = {}, checks) =>
      reviewBranch({ ...quiet(course.folder), ...place }, { filesOnly: true, ...options }, checks),
    remove() {
      for (const one of folders) rmSync(one, { recursive: true, force: true })
    },
  }
}

/** The same with this workshop's hooks switched on, as in a clone of it where they have run before. */
export function hookedRepository(): ReviewRepository {
  return repositoryIn(copyOf('hooked-repository', hookRepository))
}

function hookRepository(folder: string): void {
  const repository = begunRepository(folder, {
    '.gitignore': 'node_modules\nworkshop\n.workshop\n.githooks\n',
    'package.json': '{ "type": "module" }\n',
  })
  for (const name of ['kit', 'workshop', '.githooks'])
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true })
  symlinkSync(realpathSync(join(projectRoot, 'node_modules')), join(folder, 'node_modules'), 'junction')
  repository.git('config', 'core.hooksPath', '.githooks')
  const { status, stderr } = spawnSync(process.execPath, [join('.githooks', 'pre-push')], { cwd: folder })
  if (status !== 0) throw new Error(String(stderr))
}

export function quiet(root: string): ReviewPlace {
  return {
    root,
    dev: undefined,
    release: 'At release they come back.',
    random: () => 0,
    now: () => new Date('2025-03-01T10:00:00Z'),
  }
}
