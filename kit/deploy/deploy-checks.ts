import pg from 'pg'
import { closingSql, compareCatalogs } from '../catalog/compare-catalogs.ts'
import type { Stage } from './deploy-lines.ts'
import type { HistoryNote } from '../drift/drift-report.ts'
import { describeRename, likelyRenames } from '../catalog/likely-renames.ts'
import { counted } from '../terminal/numbers.ts'
import { readCatalog } from '../catalog/read-catalog.ts'
import { openCatalogs } from '../catalog/catalogs.ts'
import { readGuard } from '../guard/guard.ts'
import { readAllRows, type MigrationRow } from '../catalog/migration-history.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { loadParser, statementsIn } from '../sql/tree.ts'
import { readElsewhere } from '../catalog/elsewhere.ts'
import { isInNoBranch, readNotes, withGit } from '../drift/history-notes.ts'
import { attempt, readFolder } from '../drift/layers.ts'

export async function checkGuard(client: pg.Client): Promise<Stage> {
  const state = await readGuard(client)
  if (state === 'whole') {
    return { name: 'guard', mark: 'ok', words: 'in the database: event triggers refuse what would lose values' }
  }
  if (state === 'missing') {
    return {
      name: 'guard',
      mark: 'note',
      words:
        'not in the database: this server gives no right to make event triggers. The copy and the ledger keep the values',
    }
  }
  return {
    name: 'guard',
    mark: 'note',
    words: 'damaged: a part of it is gone, disabled or of an older version',
    asks: 'The guard of PROD is damaged',
    next: ['npm run db up    (puts the guard back)'],
  }
}

/** What Prisma noted on PROD, against the folder. */
export interface History {
  stage: Stage
  /** Oldest first, with the text that is in the folder now. */
  applied: MigrationText[]
  pending: MigrationText[]
  /** Started, and neither finished nor rolled back. */
  failed: string[]
  /** Applied, and neither in the folder nor in a branch of this repository. */
  lacking: string[]
  /** Whether the folder has the text of all that is applied, as it was applied. */
  isTold: boolean
}

/** `stage.mark` is `bad` where a deploy would make it worse. */
export async function checkHistory(client: pg.Client, root: string): Promise<History> {
  const folder = await readFolder(root)
  const rows = await readAllRows(client)
  if (!folder.value) {
    const { message, why, next } = folder.problem
    const stage: Stage = { name: 'history', mark: 'bad', words: message, why, next: [next] }
    return { stage, applied: [], pending: [], failed: [], lacking: [], isTold: false }
  }
  const notes = await withGit(readNotes(rows, folder.value), rows, root)
  const namesOf = (kind: HistoryNote['kind']) =>
    notes.filter((note) => note.kind === kind).map(({ migration }) => migration)
  const texts = new Map(folder.value.map((migration) => [migration.name, migration]))
  const pending = namesOf('pending').map((name) => texts.get(name)!)
  if (pending.length > 0) await loadParser()
  return {
    stage: historyStage(rows, notes, pending),
    applied: rows
      .filter(({ state, name }) => state === 'applied' && texts.has(name))
      .map(({ name }) => texts.get(name)!),
    pending,
    failed: namesOf('failed'),
    lacking: notes.filter((note) => note.kind === 'unknown' && isInNoBranch(note)).map(({ migration }) => migration),
    isTold: namesOf('unknown').length + namesOf('edited').length === 0,
  }
}

function historyStage(rows: readonly MigrationRow[], notes: readonly HistoryNote[], pending: MigrationText[]): Stage {
  const applied = rows.filter(({ state }) => state === 'applied').length
  const found = `${counted(applied, 'applied').replace(/s$/, '')}, ${pending.length || 'none'} pending`
  const wrong = notes.filter(({ kind }) => kind in refusals)
  if (wrong.length > 0) {
    const kinds = [...new Set(wrong.map(({ kind }) => kind as keyof typeof refusals))]
    return {
      name: 'history',
      mark: 'bad',
      words: found,
      more: wrong.map(({ words }) => words),
      why: kinds.map((kind) => refusals[kind].why).join(' '),
      next: wrong.flatMap((note) => refusals[note.kind as keyof typeof refusals].next(note.migration)),
    }
  }
  const isPending = (name: string) => pending.some((migration) => migration.name === name)
  const late = notes.filter(({ kind, migration }) => kind === 'out of order' && isPending(migration))
  const empty = pending.filter(({ sql }) => statementsIn(sql)?.length === 0)
  const asks = [
    ...(late.length > 0 ? [`${late.length === 1 ? 'A migration is' : 'Migrations are'} out of order`] : []),
    ...(empty.length > 0 ? [`${empty.length === 1 ? 'A migration is' : 'Migrations are'} empty`] : []),
  ].join('. ')
  return {
    name: 'history',
    mark: asks ? 'note' : 'ok',
    words: pending.length === 0 ? `${found}. No pending migrations to apply.` : asks ? found : `${found}, none edited`,
    more: [
      ...late.map(({ words }) => words),
      ...(late.length > 0 ? ['A new database runs them in the order of their names, PROD in another one.'] : []),
      ...empty.map(({ name }) => `migration ${name} has no statement: it would be noted, and never run again`),
    ],
    ...(asks && { asks }),
    next: [
      ...late.map(
        ({ migration }) => `Give prisma/migrations/${migration} a name of today, on DEV too:  npm run db reset`,
      ),
      ...empty.map(({ name }) => `Write prisma/migrations/${name}/migration.sql, or delete the folder.`),
    ],
  }
}

const refusals = {
  failed: {
    why: 'Until it is said what became of it, Prisma refuses every deploy (P3009).',
    next: (name: string): string[] => [
      'npm run drift -- --env prod    (is a part of it there?)',
      `npm run migrate -- resolve --rolled-back ${name} --env prod    (when nothing of it is there)`,
      'npm run db up    (when it was cut off by a crash: finds out by itself)',
    ],
  },
  unknown: {
    why: 'Another branch has reached PROD, or its file was taken away here: nobody can tell from this folder what it changed.',
    next: (): string[] => [],
  },
  edited: {
    why: 'PROD keeps what the old text made; a new database gets what the new text makes.',
    next: (): string[] => [
      'npm run migrate -- dev --name describe_the_change    (after that: a change goes into a new migration)',
    ],
  },
}

/** Whether PROD is what its migrations make. `server` names the one on which they are replayed. */
export async function checkDrift(
  client: pg.Client,
  { applied, isTold }: Pick<History, 'applied' | 'isTold'>,
  server: () => Promise<string>,
): Promise<Stage> {
  if (!isTold) return { name: 'drift', mark: 'note', words: 'cannot be told while the history is not right' }
  const looked = await attempt(() => findDrift(client, applied, server), applied)
  if (looked.problem) {
    const { message, why, next } = looked.problem
    const asks = 'Nobody knows whether PROD has drifted'
    return { name: 'drift', mark: 'note', words: message, more: [why], asks, next: [next] }
  }
  const { words, sql } = looked.value
  const others = [...new Set((await readElsewhere(client)).map(({ schema }) => schema))]
  const more =
    others.length > 0 ? [`not compared, guarded and counted: the schemas ${others.join(', ')}, only copied`] : []
  if (words.length === 0) {
    return {
      name: 'drift',
      mark: others.length > 0 ? 'note' : 'ok',
      words: `none: PROD is what its ${counted(applied.length, 'migration')} make${applied.length === 1 ? 's' : ''}`,
      more,
    }
  }
  return {
    name: 'drift',
    mark: 'note',
    words: `${counted(words.length, 'difference')} to what ${counted(applied.length, 'migration')} make: changed by hand`,
    more: [...words.slice(0, 5), ...(words.length > 5 ? [`… and ${words.length - 5} more`] : []), ...more],
    asks: 'PROD has drifted',
    next: [`npm run drift -- --env prod    (how to close ${sql.length === 1 ? 'it' : 'them'})`],
  }
}

async function findDrift(
  client: pg.Client,
  applied: readonly MigrationText[],
  server: () => Promise<string>,
): Promise<{ words: string[]; sql: string[] }> {
  const catalogs = openCatalogs(server)
  try {
    const should = await catalogs.after(applied.map(({ sql }) => sql))
    const is = await readCatalog(client)
    const { renames, named } = likelyRenames(should, is, { isLive: true })
    const differences = compareCatalogs(named, is)
    return {
      words: [...renames.map(describeRename), ...differences.map(({ words }) => words)],
      sql: closingSql(differences),
    }
  } finally {
    await catalogs.close()
  }
}
