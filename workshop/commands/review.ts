import { reviewBranch } from '../../kit/review/review.ts'
import type { ReviewPlace } from '../../kit/review/review-place.ts'
import { annotations, renderBranch } from '../../kit/review/review-lines.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { chooseTarget, readTarget } from '../../kit/database/target.ts'

interface Flags {
  base?: string
  mode?: string
  migrations?: string
  staged?: boolean
  'files-only'?: boolean
  github?: boolean
  json?: boolean
  env?: string
}

const here: ReviewPlace = {
  root: projectRoot,
  dev: () => readTarget('dev'),
  release: 'At release they are made anew, on main, off the real database:  npm run release -- --env prod --name …',
  random: Math.random,
  now: () => new Date(),
}

/** A project that is not this workshop: it has no DEV, and no release command of ours. */
export function elsewhere(root: string): ReviewPlace {
  const release = 'At release they are made anew, on the base branch, off the real database (prisma migrate diff).'
  return { ...here, root, dev: undefined, release }
}

/**
 * `npm run review -- [--base main] [--mode reviewed|no-migrations] [--staged] [--files-only] [--env dev|prod]
 * [--github|--json]`: ends with 0 (accepted), 1 (rejected) or 2 (could not judge). With --env that database is looked at
 * too.
 */
export async function review(flags: Flags, place: ReviewPlace = here): Promise<number> {
  const { json, github, env, 'files-only': filesOnly = false, staged = false, ...rest } = flags
  if (env !== undefined && !place.dev) throw noDatabase()
  const database = env === undefined ? undefined : chooseTarget(env)
  const report = await reviewBranch(place, { ...rest, staged, filesOnly, database })
  const lines = json ? [JSON.stringify(report, null, 2)] : github ? annotations(report) : renderBranch(report)
  for (const line of lines) console.log(json || github ? line : wrap(line, process.stdout.columns))
  return report.isRejected ? 1 : 0
}

function noDatabase(): Problem {
  return new Problem('The branch was not judged: there is no --env here.', {
    why: 'DEV and PROD are databases of the workshop; in another repository only the files are read.',
    next: 'migration-review --base main',
    exitCode: 2,
  })
}
