import { setAside } from '../../kit/keep/archives.ts'
import { ensureClient } from '../../kit/project/generated-client.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { up } from '../databases/databases.ts'
import { git } from '../../kit/git/git.ts'
import { alone } from '../../kit/project/lock.ts'
import { rebaseline } from '../../kit/catalog/migration-history.ts'
import { databaseOf, openAsAdmin } from '../../kit/database/provision.ts'
import { openSchemas } from '../../kit/catalog/schemas.ts'
import { sessionsIn } from '../../kit/database/sessions.ts'
import { describeTarget, envs, readTarget, type Env, type Target } from '../../kit/database/target.ts'
import {
  assertFolderOfNames,
  assertNothingHalfDone,
  assertNothingInTheWay,
  findUnsavedWork,
  freeBranch,
  saveWork,
  switchTo,
  type UnsavedWork,
} from '../../kit/git/working-tree.ts'
import { bringDev } from './goto-dev.ts'
import { describeProd, findProd, type ProdPosition } from './goto-prod.ts'
import { describeContents, readStatus } from './status.ts'
import { withClient } from '../../kit/database/connection.ts'
import { stepStates } from './step-databases.ts'
import { nameOf, readSteps, type LoadedStep } from './read-steps.ts'
import { ensureTags } from './tags.ts'

type Say = (line: string) => void

/**
 * Goes to the end of a step: files (on a branch of their own, after what is not committed was saved on another one), DEV,
 * and Prisma Client. PROD stays as it is, but for the names in its history where they are the learner's own. Whatever
 * cannot be done is found out before anything is changed; what was cut off is finished by going once more. Throws a
 * Problem. With `onlyPlan`, says what would happen.
 */
export async function goTo(step: LoadedStep, say: Say, { onlyPlan = false } = {}): Promise<void> {
  const tags = await ensureTags(say)
  if (tags.did === 'skipped') throw tags.problem
  await alone('servers', say, async () => {
    const plan = await makePlan(step, onlyPlan ? async (env) => readTarget(env) : (env) => up(env, say))
    if (onlyPlan) await tell(plan, say)
    else await go(plan, say)
  })
}

/**
 * Begins again without deleting anything: both databases get a dated name, new and empty ones take their place, and the
 * files go to the first step. Without git they stay as they are. Throws a Problem before anything is changed.
 */
export async function beginAgain(say: Say): Promise<void> {
  const tags = await ensureTags(say)
  if (tags.did !== 'skipped') await assertCanSwitch()
  await alone('servers', say, async () => {
    const targets = await Promise.all(envs.map((env) => up(env, say)))
    const names = await setAside(targets)
    targets.forEach((target, i) =>
      say(`${describeTarget(target)}  is new and empty; what it held is kept as ${names[i]}`),
    )
    if (tags.did === 'skipped') say(`FILES  stay as they are: ${tags.problem.message}`)
    else await go(await makePlan(readSteps()[0]!, async (env) => readTarget(env)), say)
  })
}

interface Plan {
  step: LoadedStep
  dev: Target
  prod: Target
  position: ProdPosition
  /** What a learner reads about PROD. */
  prodLines: string[]
  work: UnsavedWork | undefined
  branch: string
  commit: string
  /** The branch is the current one. */
  isThere: boolean
}

async function makePlan(step: LoadedStep, target: (env: Env) => Promise<Target>): Promise<Plan> {
  await assertCanSwitch()
  const [dev, prod] = await Promise.all([target('dev'), target('prod')])
  const commit = await git(['rev-parse', '--verify', `refs/tags/${step.tag}^{commit}`])
  const branch = await freeBranch(`work/${nameOf(step)}`, commit)
  const isThere = (await git(['branch', '--show-current'])) === branch
  await assertNothingInTheWay(commit)
  const work = await findUnsavedWork(commit)
  const states = stepStates(readSteps())
  const place = { states, state: states.find((one) => one.step.number === step.number)! }
  return withClient(prod, async (client) => {
    const position = await findProd(client, prod, dev, place, openSchemas)
    const prodLines = await describeProd(client, position, place)
    return { step, dev, prod, position, prodLines, work, branch, commit, isThere }
  })
}

async function assertCanSwitch(): Promise<void> {
  await assertNothingHalfDone()
  for (const folder of ['work', 'saved']) await assertFolderOfNames(folder)
}

async function tell({ step, dev, prod, prodLines, work, branch, isThere }: Plan, say: Say): Promise<void> {
  say('This would happen; nothing was changed:')
  if (work) say(`FILES  ${describeWork(work)} would be saved on a branch saved/… of its own`)
  say(`FILES  ${isThere ? 'would stay on' : 'would go to'} the branch ${branch}, at the tag ${step.tag}`)
  const admin = await openAsAdmin(dev)
  const sessions = admin ? await sessionsIn(admin, databaseOf(dev)) : []
  await admin?.end()
  const ended = sessions.length > 0 ? `; disconnected: ${sessions.join(', ')}` : ''
  say(`${describeTarget(dev)}  would be made again, as at the end of the step${ended}`)
  sayProd(prod, prodLines, say)
}

async function go(plan: Plan, say: Say): Promise<void> {
  const { dev, prod, position, prodLines, work, branch, commit, isThere } = plan
  if (work) say(`FILES  ${describeWork(work)} is saved on the branch  ${await saveWork(work)}`)
  if (work || !isThere) await switchTo(branch, commit, work)
  say(`FILES  on the branch ${branch}, at the tag ${plan.step.tag}`)
  // From here on the steps are those that the tag brought.
  const steps = readSteps().filter(({ number }) => number <= plan.step.number)
  const ended = await bringDev(dev, steps, say)
  say(`${describeTarget(dev)}  ${describeContents(await readStatus(dev))}, as at the end of the step`)
  if (ended.length > 0) say(`      disconnected: ${ended.join(', ')}`)
  await ensureClient(say)
  if (position.rebaseline) {
    const client = (await openAsAdmin(prod, databaseOf(prod))) ?? (await connectTo(prod))
    await rebaseline(client, position.rebaseline).finally(() => client.end())
  }
  sayProd(prod, prodLines, say)
}

function sayProd(prod: Target, [first, ...more]: string[], say: Say): void {
  say(`${describeTarget(prod)}  ${first}`)
  for (const line of more) say(`      ${line}`)
}

function describeWork({ changed, isAdrift }: UnsavedWork): string {
  if (changed === 0) return isAdrift ? 'your work, which no branch holds,' : 'what you had staged'
  return `your work (${changed} changed ${changed === 1 ? 'file' : 'files'})`
}
