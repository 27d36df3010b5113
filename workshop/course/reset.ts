import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { emptyDev } from '../databases/empty-dev.ts'
import { EngineError } from '../../kit/engine/engine-error.ts'
import { applyMigrations } from '../../kit/engine/engine.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { readStatus } from './status.ts'
import type { Target } from '../../kit/database/target.ts'

/** Drops DEV's database, makes it again and applies the migrations of this folder. Refuses PROD. */
export async function resetDev(
  target: Target,
  say: (line: string) => void,
): Promise<{ migrations: number; seconds: number }> {
  if (target.env === 'prod') throw await refusal(target)
  const started = performance.now()
  say('DEV   dropping the database and making it again …')
  const fresh = await emptyDev(say)
  // Not every error of Prisma's names its file.
  let last: string | undefined
  const applied = await applyMigrations(fresh.url, join(projectRoot, 'prisma', 'migrations'), (name) => {
    last = name
  }).catch((error) => explain(error, last))
  return { migrations: applied.length, seconds: (performance.now() - started) / 1000 }
}

function explain(error: unknown, last: string | undefined): never {
  if (!(error instanceof EngineError)) throw error
  const [, name = last] = /^Migration name: (.+)$/m.exec(error.message) ?? []
  throw new Problem(`DEV is empty, and ${name ? `the migration ${name}` : 'a migration'} failed.`, {
    why: `Prisma says:\n\n${error.message.split('\nDbError')[0]!.trim()}\n`,
    next: [
      name ? `Correct prisma/migrations/${name}/migration.sql` : 'Correct what Prisma names',
      'Then:  npm run db reset',
    ],
    cause: error,
  })
}

async function refusal(target: Target): Promise<Problem> {
  const { recruits } = await readStatus(target)
  const held = !recruits ? 'what PROD holds' : `PROD holds ${recruits} recruits, and what it holds`
  return new Problem('PROD was not reset.', {
    why: `"reset" empties a database: ${held} nobody can type in again.`,
    next: 'To start again on DEV:  npm run db reset',
  })
}
