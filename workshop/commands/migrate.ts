import { Problem } from '../../kit/terminal/problem.ts'
import { renderNext, renderStage } from '../../kit/deploy/deploy-lines.ts'
import { deploy } from '../../kit/deploy/deploy.ts'
import { baseline } from '../../kit/deploy/baseline.ts'
import { resolveOnProd } from '../../kit/deploy/resolve-note.ts'
import { adviceAfter } from '../../kit/deploy/deploy-advice.ts'
import { ask, isYes } from '../../kit/terminal/ask.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { prisma, run } from '../../kit/project/processes.ts'
import { runOn } from '../../kit/database/run-on.ts'
import { readHistory } from '../../kit/catalog/migration-history.ts'
import { readFolder } from '../../kit/drift/layers.ts'
import { lookForOutcomes } from '../coach/outcome.ts'
import { noteDeploy, noteRefusedDeploy } from '../coach/note-commands.ts'
import { chooseTarget, describeTarget, here, type Env, type Target } from '../../kit/database/target.ts'

/** Prisma's verbs that may wipe a database, and what to type for PROD instead. */
const mayWipe: Record<string, { why: string; next: string }> = {
  dev: {
    why: '"migrate dev" makes migrations by trying them out, and asks for a reset when it meets drift.',
    next: 'npm run migrate -- deploy --env prod',
  },
  reset: {
    why: '"migrate reset" drops every table. Nothing is ever deleted from PROD.',
    next: 'To start again on DEV:  npm run db reset',
  },
}

/**
 * `npm run migrate -- dev|deploy|status|diff|resolve … [--env dev|prod]`: Prisma's own, on the right database. A deploy
 * to PROD is looked after: `deploy --env prod [--dry-run] [--yes]`.
 */
export async function migrate(args: readonly string[]): Promise<number> {
  const { env, rest } = takeEnv(args)
  const target = chooseTarget(env)
  const [verb] = rest
  if (!verb) {
    throw new Problem('Which of Prisma’s migrate commands?', {
      why: 'It takes dev, deploy, status, diff or resolve.',
      next: 'npm run migrate status',
    })
  }
  if (rest.includes('--help') || rest.includes('-h')) return run([...prisma, 'migrate', verb, '--help'])
  const danger = target.env === 'prod' ? mayWipe[verb] : undefined
  if (danger) throw new Problem(`"migrate ${verb}" does not run on PROD.`, danger)
  console.log(describeTarget(target))
  if (verb === 'deploy' && target.env === 'prod') return deployToProd(rest.slice(1))
  if (verb === 'baseline') return noteBaseline(target.env)
  const ours = verb === 'deploy' ? rest.find((word) => word === '--dry-run' || word === '--yes') : undefined
  if (ours) {
    throw new Problem(`"${ours}" is for PROD: nothing was done.`, {
      why: 'Only a deploy to PROD is tried out first, and asks. DEV may be destroyed.',
      next: `npm run migrate -- deploy --env prod ${ours}`,
    })
  }
  if (verb === 'resolve' && target.env === 'prod') {
    const lines = await resolveOnProd(here, rest.slice(1))
    for (const line of lines ?? []) console.log(`  ${line}`)
    if (lines) next(['npm run check'], console.log)
    if (lines) return 0
  }
  const before = await appliedOn(target)
  const code = await runOn(target, [...prisma, 'migrate', ...rest])
  if (verb === 'dev' || verb === 'deploy') {
    const folder = code === 0 && !rest.includes('--create-only') ? ((await readFolder(here.root)).value ?? []) : []
    const applied = folder.map(({ name }) => name).filter((name) => !before.has(name))
    noteDeploy(here.root, target.env, { applied, code })
    await lookForOutcomes(here)
  }
  if (code === 1 || (code === 130 && verb === 'dev')) next(await adviceAfter(here, target.env, verb), console.error)
  return code
}

/** What Prisma has noted there. Whoever cannot be reached is told of before Prisma starts. */
async function appliedOn(target: Target): Promise<Set<string>> {
  const client = await connectTo(target)
  try {
    return new Set((await readHistory(client)).map(({ name }) => name))
  } finally {
    await client.end()
  }
}

/** Ours: Prisma has `resolve --applied`, for one migration, and does not look whether it is true. */
async function noteBaseline(env: Env): Promise<number> {
  for (const line of await baseline(here, env)) console.log(`  ${line}`)
  next(['npm run check'], console.log)
  return 0
}

async function deployToProd(args: string[]): Promise<number> {
  const odd = args.find((word) => word !== '--dry-run' && word !== '--yes')
  if (odd) {
    throw new Problem(`"migrate deploy" does not know "${odd}": nothing was done.`, {
      why: 'A deploy to PROD takes --dry-run, which only tries it out, and --yes, which answers what it asks.',
      next: 'npm run migrate -- deploy --env prod --dry-run',
    })
  }
  console.log('')
  const isReal = !args.includes('--dry-run')
  const report = await deploy(
    here,
    {
      isDryRun: !isReal,
      isYes: args.includes('--yes'),
      confirm: ask && (async (question) => isYes(await ask!(`${question} [y/N]`))),
    },
    (stage) => renderStage(stage, process.stdout.columns).forEach((line) => console.log(line)),
  ).catch(async (error) => {
    if (isReal) noteRefusedDeploy(here.root, error)
    if (isReal) await lookForOutcomes(here)
    throw error
  })
  if (isReal) noteDeploy(here.root, 'prod', report)
  if (isReal) await lookForOutcomes(here)
  next(report.next, report.code === 0 ? console.log : console.error)
  return report.code
}

function next(lines: readonly string[], say: (line: string) => void): void {
  for (const line of renderNext(lines, process.stdout.columns)) say(line)
}

/** Takes `--env` out, and leaves every other word to Prisma as it stands. */
function takeEnv(args: readonly string[]): { env?: string; rest: string[] } {
  const at = args.findIndex((arg) => arg === '--env' || arg.startsWith('--env='))
  if (at === -1) return { rest: [...args] }
  const apart = args[at] === '--env'
  if (args.filter((arg) => arg === '--env' || arg.startsWith('--env=')).length > 1) {
    throw new Problem('"migrate" works on one database: nothing was done.', {
      why: '--env stands there twice.',
      next: 'npm run migrate -- status --env prod',
    })
  }
  const env = apart ? (args[at + 1] ?? '') : args[at]!.slice('--env='.length)
  return { env, rest: args.toSpliced(at, apart ? 2 : 1) }
}
