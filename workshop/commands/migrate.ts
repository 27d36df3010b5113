import { Problem } from '../plain/problem.ts'
import { readStatus } from '../course/status.ts'
import { connectTo } from '../world/connection.ts'
import { prisma, runOn } from '../world/processes.ts'
import { chooseTarget, describeTarget, type Target } from '../world/target.ts'

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

/** `npm run migrate -- dev|deploy|status|diff|resolve … [--env dev|prod]`: Prisma's own, on the right database. */
export async function migrate(args: string[]): Promise<number> {
  const { env, rest } = takeEnv(args)
  const target = chooseTarget(env)
  const [verb] = rest
  if (!verb) {
    throw new Problem('Which of Prisma’s migrate commands?', {
      why: 'It takes dev, deploy, status, diff or resolve.',
      next: 'npm run migrate status',
    })
  }
  const danger = target.env === 'prod' ? mayWipe[verb] : undefined
  if (danger) throw new Problem(`"migrate ${verb}" does not run on PROD.`, danger)
  console.log(describeTarget(target))
  await (await connectTo(target)).end()
  const code = await runOn(target, [...prisma, 'migrate', ...rest])
  if (code === 1) for (const line of await adviceAfter(target, verb)) console.error(line)
  return code
}

/** Prisma has said what happened; this is what to type here. */
async function adviceAfter(target: Target, verb: string): Promise<string[]> {
  const { failed } = await readStatus(target)
  const onEnv = target.env === 'dev' ? '' : ` --env ${target.env}`
  if (failed) {
    return [
      '',
      `next  npm run migrate -- resolve --rolled-back ${failed}${onEnv}`,
      `      Then correct prisma/migrations/${failed}/migration.sql and deploy again.`,
    ]
  }
  if (verb !== 'dev') return []
  return [
    '',
    'next  npm run migrate -- diff --from-migrations prisma/migrations --to-config-datasource    (what differs on DEV)',
    '      npm run db reset    (DEV again as the migrations make it)',
  ]
}

/** Takes `--env` out, and leaves every other word to Prisma as it stands. */
function takeEnv(args: readonly string[]): { env?: string; rest: string[] } {
  const at = args.findIndex((arg) => arg === '--env' || arg.startsWith('--env='))
  if (at === -1) return { rest: [...args] }
  const apart = args[at] === '--env'
  const env = apart ? (args[at + 1] ?? '') : args[at]!.slice('--env='.length)
  return { env, rest: args.toSpliced(at, apart ? 2 : 1) }
}
