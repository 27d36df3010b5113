import type pg from 'pg'
import type { Finding } from '../hazards/finding.ts'
import type { Stage } from './deploy-lines.ts'
import { counted } from '../terminal/numbers.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { branchHazards, markAllowed } from '../review/branch-hazards.ts'
import { lockWords } from '../hazards/locks.ts'
import { readHazardFacts } from '../hazards/hazard-facts.ts'

const folder = 'prisma/migrations'

/** What loses values or cannot succeed: a rehearsal under the guard, on a copy of PROD, has shown that it does not. */
const shownByRehearsal = new Set(['H1', 'H5', 'H7', 'H8', 'H10', 'H25'])

/** What is dangerous in the pending migrations, with the locks they take and PROD's number of rows. */
export async function checkHazards(
  client: pg.Client,
  { applied, pending }: { applied: readonly MigrationText[]; pending: readonly MigrationText[] },
  isRehearsed: boolean,
): Promise<Stage> {
  const facts = await readHazardFacts(client, pending, applied)
  const found = markAllowed(await branchHazards(pending, applied, folder, [], facts), pending, folder)
  const isRefused = ({ id, level }: Finding) => level === 'refuse' && !(isRehearsed && shownByRehearsal.has(id))
  const refused = found.filter(isRefused)
  if (found.length === 0)
    return { name: 'hazards', mark: 'ok', words: `none in ${counted(pending.length, 'migration')}` }
  const words = [
    ...(refused.length > 0 ? [`${refused.length} to mend`] : []),
    ...(found.length > refused.length ? [`${found.length - refused.length} to know`] : []),
  ].join(', ')
  const more = [...refused, ...found.filter((one) => !isRefused(one))].map(describe)
  if (refused.length === 0) return { name: 'hazards', mark: 'note', words, more }
  return {
    name: 'hazards',
    mark: 'bad',
    words,
    more,
    why: [...new Set(refused.map((one) => `${one.id}: ${one.why}`))].join(' '),
    next: [
      ...new Set(refused.flatMap(({ next }) => next)),
      `-- review-allow ${refused[0]!.id}: why it is right here    (a line before the statement, to take the risk)`,
    ],
  }
}

function describe({ id, words, file, line, lock, rewrite, reason }: Finding): string {
  const at = line === undefined ? file : `${file}:${line}`
  const cost = [
    lock ? `${lock}: ${lockWords[lock]}` : '',
    rewrite ? 'the table is written anew' : '',
    reason ? `allowed: ${reason}` : '',
  ]
  return [`${id} ${words}`, at.replace(`${folder}/`, '').replace('/migration.sql', ''), ...cost.filter(Boolean)].join(
    ' · ',
  )
}
