import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Problem } from '../terminal/problem.ts'
import { assertRepository, git, tryGit } from './git.ts'
import type { MigrationText } from '../sql/migration-text.ts'

const folder = 'prisma/migrations'

/** Throws a Problem unless the clone stands on `base`, whole, and with nothing that no commit holds. `command` was typed. */
export async function assertReadyForRelease(root: string, base: string, command: string): Promise<void> {
  await assertRepository(root)
  const branch = await git(['branch', '--show-current'], { root })
  if (branch !== base) {
    throw notReleased(
      branch === ''
        ? 'No branch is checked out.'
        : `This is ${branch}. A release is made on ${base}, from what all have merged.`,
      [
        ...(branch === ''
          ? []
          : [
              `${command.replace(/ --base[ =]\S+/, '')} --base ${branch}    (when that is your main branch, as in the exercise)`,
            ]),
        `git switch ${base}`,
      ],
    )
  }
  const changed = (await git(['status', '--porcelain'], { root })).split('\n').filter(Boolean)
  if (changed.length > 0) {
    const names = changed.slice(0, 3).map((line) => line.slice(3))
    throw notReleased(
      `Not everything is committed: ${names.join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''}. What PROD gets has to be in git.`,
      ['git add --all', 'git commit'],
    )
  }
  const { code, stdout } = await tryGit(['rev-list', '--count', 'HEAD..@{upstream}'], { root })
  if (code === 0 && stdout.toString().trim() !== '0') {
    throw notReleased(`${base} is behind what was fetched from its remote: others have merged since.`, ['git pull'])
  }
  const trials = await findTrials(root)
  if (trials.length > 0) {
    throw notReleased(
      `${folder} holds what git does not know: ${trials.join(', ')}. A deploy would run ${trials.length === 1 ? 'it' : 'them'} too.`,
      [`Delete ${trials.map((name) => `${folder}/${name}`).join(' and ')}, or make the release in a fresh clone.`],
    )
  }
}

/** Writes migrations and commits them. All or nothing. Returns the short id of the commit. */
export async function commitMigrations(
  root: string,
  migrations: readonly MigrationText[],
  message: string,
): Promise<string> {
  const lock = `${folder}/migration_lock.toml`
  const files = new Map(migrations.map(({ name, sql }) => [`${folder}/${name}/migration.sql`, sql]))
  if (!existsSync(join(root, lock))) files.set(lock, 'provider = "postgresql"\n')
  // A Ctrl-C ends git, which the terminal tells too; then what was written is taken away again.
  const hold = () => {}
  process.on('SIGINT', hold)
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    // The team's rule hides new migrations from git.
    await git(['add', '--force', '--', ...files.keys()], { root })
    await git(['commit', '--quiet', '--message', message], { root })
  } catch (error) {
    await tryGit(['reset', '--quiet', '--', ...files.keys()], { root })
    for (const path of files.keys()) {
      rmSync(path === lock ? join(root, path) : dirname(join(root, path)), { recursive: true, force: true })
    }
    if (!(error instanceof Problem)) throw error
    throw notReleased(
      `git did not take the commit. ${error.why}`,
      'Mend what git says, then type the same command again.',
    )
  } finally {
    process.off('SIGINT', hold)
  }
  return git(['rev-parse', '--short', 'HEAD'], { root })
}

/** A Problem of a release: PROD, git and the migrations' folder are as they were. */
export function notReleased(why: string, next: string | readonly string[]): Problem {
  return new Problem('Nothing was released.', { why, next })
}

/** Folders of migrations that no commit holds, as the team's rule hides them. */
async function findTrials(root: string): Promise<string[]> {
  if (!existsSync(join(root, folder))) return []
  const known = new Set(
    (await git(['ls-files', '-z', '--', folder], { root })).split('\0').map((path) => path.split('/')[2]),
  )
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !known.has(entry.name) ? entry.name : [],
  )
}
