import { cpSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { guardBranch, type GuardOptions, type GuardPlace } from '../../workshop/course/branch-guard.ts'
import type { BranchCheck } from '../../workshop/plain/branch-checks.ts'
import type { GuardReport } from '../../workshop/plain/branch-report.ts'
import { projectRoot } from '../../workshop/world/project.ts'
import { scratchFolder } from './server.ts'
import { courseIn, type ToyCourse } from './toy-course.ts'

/** A small Prisma repository, in a folder with spaces: two migrations have landed on main, and a branch is begun. */
export interface GuardRepository extends ToyCourse {
  migration(name: string, sql: string): void
  /** What the guard says of what is committed, by the texts alone. */
  guard(options?: GuardOptions, place?: Partial<GuardPlace>, checks?: readonly BranchCheck[]): Promise<GuardReport>
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

export function guardRepository(files: Record<string, string> = {}): GuardRepository {
  const course = courseIn(scratchFolder('guarded repository '))
  course.git('init', '--quiet', '--initial-branch=main')
  course.git('config', 'core.autocrlf', 'false')
  const migration = (name: string, sql: string) => course.write(`prisma/migrations/${name}/migration.sql`, sql)
  migration(landedNames[0], firstSql)
  migration(landedNames[1], 'ALTER TABLE "recruits" ADD COLUMN "age" INTEGER;\n')
  course.commit('Begin', {
    'package.json': '{ "name": "toy" }\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    'prisma/schema.prisma': schemaOf(),
    ...files,
  })
  course.git('switch', '--quiet', '--create', 'feature')
  return {
    ...course,
    migration,
    guard: (options = {}, place = {}, checks) =>
      guardBranch({ ...quiet(course.folder), ...place }, { filesOnly: true, ...options }, checks),
    remove: () => rmSync(course.folder, { recursive: true, force: true }),
  }
}

/** The same with this workshop's hooks switched on, as in a clone of it. */
export function hookedRepository(): GuardRepository {
  const repository = guardRepository({
    '.gitignore': 'node_modules\nworkshop\n.githooks\n',
    'package.json': '{ "type": "module" }\n',
  })
  for (const name of ['workshop', '.githooks'])
    cpSync(join(projectRoot, name), join(repository.folder, name), { recursive: true })
  symlinkSync(realpathSync(join(projectRoot, 'node_modules')), join(repository.folder, 'node_modules'), 'junction')
  repository.git('config', 'core.hooksPath', '.githooks')
  return repository
}

export function quiet(root: string): GuardPlace {
  return {
    root,
    dev: undefined,
    release: 'At release they come back.',
    random: () => 0,
    now: () => new Date('2025-03-01T10:00:00Z'),
  }
}
