import { createHash } from 'node:crypto'
import type { LedgerEntry } from '../../kit/keep/ledger-entry.ts'
import type { Snapshot } from '../../kit/keep/snapshots.ts'
import type { MigrationText } from '../../kit/sql/migration-text.ts'
import type { PastRow, ProdPast } from './prod-past.ts'
import type { Statement } from './report-data.ts'

export interface Pieces extends ProdPast {
  /** The folder's migrations. */
  migrations: readonly MigrationText[]
  /** SHA-256 of each text of a migration that any commit holds. */
  committed: ReadonlySet<string>
  copies: readonly Snapshot[]
  /** Of each copy that is here, by name: what is wrong with it; nothing where it is as the ledger counted it. */
  copyFaults: ReadonlyMap<string, string>
}

/**
 * Whether PROD's history, its ledger, the copies and git tell one story. A PROD of somebody else, or a ledger that was
 * edited, does not fit to the rest.
 */
export function compareStories(pieces: Pieces): Statement[] {
  return [
    textsAreCommitted(pieces),
    ledgerIsWhole(pieces),
    deploysAreNoted(pieces),
    copiesAreCounted(pieces),
    noForeignRestore(pieces),
  ]
}

function textsAreCommitted({ history, migrations, committed }: Pieces): Statement {
  const what = 'Each migration that PROD has run is a text of this folder or of a commit of it'
  const texts = new Set([...committed, ...migrations.map(({ sql }) => sha256(sql))])
  const strange = ran(history).filter(({ checksum }) => !texts.has(checksum))
  return strange.length === 0
    ? { what, isGood: true, words: `${ran(history).length} of ${ran(history).length}` }
    : { what, isGood: false, words: `nowhere in git, with the text that PROD ran: ${listed(strange)}` }
}

function ledgerIsWhole({ ledger }: Pieces): Statement {
  const what = 'The ledger has every entry, in the order of its times'
  if (ledger.length === 0)
    return { what, isGood: true, words: 'there is no ledger: nothing was deployed by the workshop' }
  const gap = ledger.findIndex(({ entry }, i) => Number(entry) !== i + 1)
  if (gap !== -1) return { what, isGood: false, words: `entry ${gap + 1} is missing` }
  const back = ledger.findIndex(({ at }, i) => i > 0 && at < ledger[i - 1]!.at)
  if (back !== -1) return { what, isGood: false, words: `entry ${back + 1} is older than the one before it` }
  const strange = ledger.find(({ event, columns }) => event === 'deploy' && columns.length === 0)
  if (strange) return { what, isGood: false, words: `entry ${strange.entry} is a deploy that counted nothing` }
  return { what, isGood: true, words: `${ledger.length} entries` }
}

/**
 * What Prisma noted of a deploy lies between the two entries of the ledger that stand around it. A name that was retired
 * since (`migrate baseline`, `goto --prod`) ran all the same: Prisma itself takes back none that has finished.
 */
function deploysAreNoted({ history, ledger }: Pieces): Statement {
  const what = 'Each deploy of the ledger is in PROD’s history, at that time'
  const rows = new Map(
    history.filter(({ rolledBack, finished }) => !rolledBack || finished).map((row) => [row.name, row]),
  )
  for (const [i, entry] of ledger.entries()) {
    if (!isDeploy(entry)) continue
    const before = ledger.slice(0, i).findLast(({ event }) => event === 'before a deploy')
    const lacking = entry.migrations.find((name) => !rows.has(name) && !isSetAside(i, ledger))
    if (lacking)
      return {
        what,
        isGood: false,
        words: `entry ${entry.entry} deployed ${lacking}, which PROD’s history does not have`,
      }
    const odd = entry.migrations.find((name) => {
      const row = rows.get(name)
      return (
        row !== undefined &&
        !isSetAside(i, ledger) &&
        (row.started > entry.at || (before !== undefined && row.started < before.at))
      )
    })
    if (odd)
      return { what, isGood: false, words: `${odd} did not run when entry ${entry.entry} says that it was deployed` }
  }
  const first = ledger[0]
  const past = ledger.flatMap(({ migrations }) => migrations)
  const silent = ran(history).filter(({ name, started }) => first && started > first.at && !past.includes(name))
  if (silent.length > 0) return { what, isGood: true, words: `besides, past the workshop’s deploy: ${listed(silent)}` }
  return { what, isGood: true, words: `${ledger.filter(isDeploy).length} deploys` }
}

function copiesAreCounted({ ledger, copies, copyFaults }: Pieces): Statement {
  const what = 'Each copy that the ledger names holds what the ledger counted'
  const named = [
    ...new Set(ledger.flatMap(({ event, snapshot }) => (event === 'before a deploy' && snapshot ? [snapshot] : []))),
  ]
  const there = named.filter((name) => copies.some((copy) => copy.name === name))
  const [faulty] = there.filter((name) => copyFaults.has(name))
  if (faulty) return { what, isGood: false, words: `${faulty}: ${copyFaults.get(faulty)}` }
  if (named.length === 0) return { what, isGood: true, words: 'it names none' }
  return {
    what,
    isGood: true,
    words: `${there.length} of ${named.length}${there.length < named.length ? '; the others are not here' : ''}`,
  }
}

/** A copy that came back and that no earlier entry had taken may be anybody's. */
function noForeignRestore({ ledger }: Pieces): Statement {
  const what = 'PROD was never put back from a copy that its ledger does not know'
  const strange = ledger.flatMap(({ event, snapshot, entry }, i) => {
    const [, name] = /^restore of (prod_\d\S*)/.exec(event) ?? []
    const isKnown = ledger.slice(0, i).some((one) => one.snapshot === (snapshot ?? name))
    return name === undefined || isKnown ? [] : [`${name} (entry ${entry})`]
  })
  const restores = ledger.filter(({ event }) => event.startsWith('restore of ')).length
  return strange.length === 0
    ? {
        what,
        isGood: true,
        words: restores === 0 ? 'it was never put back' : `${restores} times, to a copy of its own`,
      }
    : { what, isGood: false, words: `it was put back from ${strange.join(', ')}: a copy by hand, or another PROD` }
}

function isDeploy({ event }: LedgerEntry): boolean {
  return event === 'deploy'
}

/** A copy that was brought back later has taken it out of PROD. */
function isSetAside(i: number, ledger: readonly LedgerEntry[]): boolean {
  return ledger.slice(i + 1).some(({ event }) => event.startsWith('restore of '))
}

function ran(history: readonly PastRow[]): PastRow[] {
  return history.filter(({ rolledBack, finished }) => !rolledBack && finished !== null)
}

function listed(rows: readonly PastRow[]): string {
  const names = rows.map(({ name }) => name)
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}
