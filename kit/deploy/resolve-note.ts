import type pg from 'pg'
import { openCatalogs, type Catalogs } from '../catalog/catalogs.ts'
import { readAllRows, readHistory, rebaseline } from '../catalog/migration-history.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { connectTo } from '../database/connection.ts'
import { databaseOf, openAsAdmin } from '../database/provision.ts'
import type { Place } from '../database/target.ts'
import { findFalseNotes, howFar } from '../drift/false-notes.ts'
import { describeTookHold, whatTookHold } from '../drift/half-applied.ts'
import { attempt, readFolder } from '../drift/layers.ts'
import { scratchServer } from '../drift/scratch-server.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { Problem } from '../terminal/problem.ts'

interface Question {
  client: pg.Client
  place: Place
  name: string
  folder: readonly MigrationText[]
  after: Catalogs['after']
}

/**
 * `migrate resolve` changes a note, and Prisma does not look whether it is true. On PROD it has to be: throws a Problem where
 * the tables say something else. Takes back a note of what never ran, which Prisma does not do, and returns a line for each.
 * Undefined where Prisma may write the note itself.
 */
export async function resolveOnProd(place: Place, args: readonly string[]): Promise<string[] | undefined> {
  const [how, name] = wordsOf(args)
  if (name === undefined) return undefined
  const folder = (await readFolder(place.root)).value ?? []
  const client = await connectTo(place.target('prod'))
  const catalogs = openCatalogs(() => scratchServer(place))
  const question = { client, place, name, folder, after: catalogs.after }
  try {
    if (how === '--applied') return await assertThere(question)
    return await takeBack(question)
  } finally {
    await catalogs.close()
    await client.end()
  }
}

/** As in `--applied NAME` or `--applied=NAME`. What Prisma does not take is for Prisma to refuse. */
function wordsOf(args: readonly string[]): [how: string, name: string | undefined] {
  const words = args.flatMap((word) => (word.startsWith('--') ? word.split(/=(.*)/s).slice(0, 2) : [word]))
  const at = words.findIndex((word) => word === '--applied' || word === '--rolled-back')
  return [words[at] ?? '', at === -1 || words.length !== 2 ? undefined : words[at + 1]]
}

/** Of one that changes rows alone, the tables tell nothing. */
async function assertThere({ client, name, folder, after }: Question): Promise<undefined> {
  if (!folder.some((one) => one.name === name)) return undefined
  const applied = (await readAllRows(client)).filter(({ state }) => state === 'applied').map((row) => row.name)
  if (applied.includes(name)) return undefined
  const live = await readCatalog(client)
  const without = await howFar(applied, folder, { live, after })
  const found = await howFar([...applied, name], folder, { live, after })
  if (found === 0 || (found !== undefined && without !== undefined && found < without)) return undefined
  if (found === without && (await makesNothing({ applied, name, folder, after }))) return undefined
  throw new Problem(`PROD does not have what ${name} makes: nothing was noted.`, {
    why: 'A note that a migration is applied has to be true. After a false one, no deploy would ever run it.',
    next: await nextAfter({ client, name }),
  })
}

async function makesNothing({
  applied,
  name,
  folder,
  after,
}: Pick<Question, 'name' | 'folder' | 'after'> & { applied: readonly string[] }): Promise<boolean> {
  const scripts = folder.filter((one) => [...applied, name].includes(one.name)).map(({ sql }) => sql)
  const { value } = await attempt(() => after(scripts))
  return value !== undefined && (await howFar(applied, folder, { live: value, after })) === 0
}

/** One that was never begun is run; of one that failed, `drift` knows what is missing. */
async function nextAfter({ client, name }: Pick<Question, 'client' | 'name'>): Promise<string> {
  const hasFailed = (await readHistory(client)).some((row) => row.failed && row.name === name)
  return hasFailed
    ? 'npm run drift -- --env prod    (what of it is there, and the ways out)'
    : 'npm run migrate -- deploy --env prod    (runs it)'
}

async function takeBack({ client, place, name, folder, after }: Question): Promise<string[] | undefined> {
  const history = await readHistory(client)
  const row = history.find((one) => one.name === name)
  if (row?.failed) return assertGone({ client, name, folder, after })
  if (!row) return undefined
  const found = await findFalseNotes(await readAllRows(client), folder, { live: await readCatalog(client), after })
  if (!found.includes(name)) {
    throw new Problem(`${name} is noted as applied on PROD, and its work is there: the note was left.`, {
      why: 'Only a note that is not true is taken back. What a migration has made is never taken back: a new migration changes it.',
      next: 'npm run drift -- --env prod',
    })
  }
  const target = place.target('prod')
  const admin = (await openAsAdmin(target, databaseOf(target))) ?? client
  await rebaseline(admin, { history, retired: [row], added: [] }).finally(() => admin !== client && admin.end())
  return [`retired  ${name}  (rolled_back_at is set; the row is kept in workshop.retired_migrations)`]
}

/** A part of it that is there would be in the way of the next deploy. */
async function assertGone({ client, name, folder, after }: Omit<Question, 'place'>): Promise<undefined> {
  const { value: took } = await attempt(() => whatTookHold(client, folder, name, after))
  if (!took || took.done.length === 0 || took.undo.length === 0) return undefined
  throw new Problem(`A part of ${name} is there on PROD: nothing was noted.`, {
    why: `A note that it is rolled back has to be true, and this ${describeTookHold(took)}.`,
    next: 'npm run drift -- --env prod    (the ways out)',
  })
}
