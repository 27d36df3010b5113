import { counted, grouped } from '../../kit/terminal/numbers.ts'
import { bad, good, judged, told, type Block, type Cell, type Page } from './page-blocks.ts'
import { pageOfPast } from './report-page-past.ts'
import { isUnread, type ColumnAccount, type Report, type Statement, type StepProof } from './report-data.ts'

/** The report as a page. `picture` shows the drift over time. */
export function pageOf(report: Report, picture: string | undefined): Page {
  return {
    title: `Database migrations: the report of ${report.who}`,
    lead: [`Made ${report.at}.`, leads[report.from]],
    blocks: [
      ...summary(report),
      ...wrongBlocks(report),
      ...stepBlocks(report),
      ...valueBlocks(report),
      ...renameBlocks(report),
      ...statementBlocks('Migrations and schemas', [...report.replays, ...report.schemas]),
      ...statementBlocks('Whether it is all of one piece', report.fits),
      ...hardCodedBlocks(report),
      ...pageOfPast(report, picture),
    ],
  }
}

const leads = {
  here: 'Made by the learner, on the learner’s own computer. It says what is true there; it proves nothing to anybody else. A marker makes it anew from the exported file: npm run report -- --from FILE',
  export:
    'Made anew from an exported file: PROD and DEV were filled from it, its commits were read, and everything was checked again. What says “verified by itself” does not rest on anybody’s word; what says “only told” does.',
}

/** What somebody reads who reads nothing else. */
function summary(report: Report): Block[] {
  const { values, renames, replays, schemas, fits, hardCoded, stopped } = report
  const all = (of: readonly Statement[]) => of.every(({ isGood }) => isGood)
  const [proven, leaving] = stepCounts(report.steps)
  const kept = isUnread(values)
    ? bad(values.unread)
    : values.of === 0
      ? told('none is known yet')
      : judged(values.kept === values.of, `${values.kept} of ${values.of}`)
  const renamed = isUnread(renames) ? [] : renames.filter(({ isDue }) => isDue)
  const keptRenames = renamed.filter(({ onRows, inProd }) => onRows.isGood && inProd.isGood).length
  const hints = report.told.hints.reduce((sum, { count }) => sum + count, 0)
  const row = (what: string, cell: Cell, proof = 'verified by itself') => [what, cell, proof]
  return [
    {
      kind: 'table',
      caption: 'The whole in one look',
      heads: ['what', 'result', 'how it is known'],
      rows: [
        row('Steps that leave something behind', judged(proven === leaving, `${proven} of ${leaving} are proven`)),
        row(
          'Where it stopped',
          report.wrong.length === 0
            ? good(`step ${stopped.step}, all done`)
            : bad(`step ${stopped.step}${stopped.missing ? `: ${stopped.missing}` : ''}`),
        ),
        row('Values of PROD kept', kept),
        row(
          'Renames and removals that keep every value',
          renamed.length === 0
            ? told('none is due yet')
            : judged(keptRenames === renamed.length, `${keptRenames} of ${renamed.length}`),
        ),
        row('Migrations replay, from empty and onto PROD as it was', judged(all(replays), all(replays) ? 'yes' : 'no')),
        row('Models, migrations, DEV and PROD say the same', judged(all(schemas), all(schemas) ? 'yes' : 'no')),
        row('History, ledger, copies and commits fit together', judged(all(fits), all(fits) ? 'yes' : 'no')),
        row(
          'No database is named in the files',
          judged(hardCoded.length === 0, hardCoded.length === 0 ? 'none' : counted(hardCoded.length, 'place')),
        ),
        row('Own commits', told(String(report.commits.own.length)), 'only told: git’s names and times can be set'),
        row(
          'Predictions, hints, times',
          told(`${counted(report.told.predictions.length, 'prediction')}, ${counted(hints, 'hint')}`),
          'only told',
        ),
      ],
    },
  ]
}

/** Steps that are proven, and those that leave something behind to prove. */
export function stepCounts(steps: readonly StepProof[]): [proven: number, leaving: number] {
  const leaving = steps.filter(({ state }) => state !== 'told' && state !== 'untold')
  return [leaving.filter(({ state }) => state !== 'open').length, leaving.length]
}

function wrongBlocks({ wrong }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'What is wrong, the gravest first', proof: 'verified' }
  if (wrong.length === 0) return [title, { kind: 'list', items: [good('Nothing was found.')] }]
  return [title, { kind: 'list', items: wrong.map(bad) }]
}

const states: Record<StepProof['state'], (words: string) => Cell> = {
  holds: (words) => good(words),
  stands: (words) => good(words),
  told: (words) => told(words),
  untold: (words) => told(words),
  open: (words) => bad(words),
}

const stateNames: Record<StepProof['state'], string> = {
  holds: 'done',
  stands: 'done',
  told: 'told',
  untold: 'not told',
  open: 'open',
}

function stepBlocks({ steps }: Report): Block[] {
  return [
    { kind: 'heading', text: 'The steps, each checked anew', proof: 'verified' },
    {
      kind: 'table',
      caption: 'Each step and what proves it',
      heads: ['step', 'title', 'state', 'what shows it'],
      rows: steps.map(({ number, title, state, words }) => [number, title, stateNames[state], states[state](words)]),
    },
  ]
}

function valueBlocks({ values }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'Each value of each cohort', proof: 'verified' }
  if (isUnread(values)) return [title, { kind: 'text', text: values.unread }]
  const about = 'Held against the copies that PROD’s ledger names, and against what the seeds make of each person.'
  const notes = [
    ...(values.gone.length > 0 ? [bad(`Gone from PROD: ${values.gone.join(', ')}`)] : []),
    ...(values.twice ? [bad(values.twice)] : []),
    ...(values.unknown > 0
      ? [
          told(
            `${counted(values.unknown, 'recruit')} of PROD stand in no copy and in no seed: nobody can say what they were.`,
          ),
        ]
      : []),
  ]
  return [
    title,
    { kind: 'text', text: about },
    {
      kind: 'table',
      caption: `${values.kept} of ${values.of} values kept`,
      heads: ['cohort', 'recruits in PROD', 'values kept'],
      rows: values.cohorts.map(({ cohort, recruits, columns }) => {
        const [kept, of] = [totalOf(columns, 'kept'), totalOf(columns, 'of')]
        const isNew = of === 0 && recruits > 0 && cohort === 'Portal'
        const held = isNew ? told('in no copy yet') : judged(kept === of && of > 0, `${kept} of ${of}`)
        return [cohort, judged(recruits > 0, grouped(recruits)), held]
      }),
    },
    ...(notes.length > 0 ? [{ kind: 'list', items: notes } as const] : []),
    {
      kind: 'table',
      caption: 'Column by column',
      heads: ['cohort', 'began as', 'is called now', 'stands in', 'kept', 'what became of the others'],
      rows: values.cohorts.flatMap(({ cohort, columns }) =>
        columns.map(({ column, now, tables, kept, of, lost }) => [
          cohort,
          column,
          tables.length > 0 && tables.every((table) => table !== 'public.recruits') ? 'no longer a column' : now,
          tables.join(', ') || 'nowhere',
          judged(kept === of, `${kept} of ${of}`),
          lost.slice(0, 3).map(shownLoss).join('; '),
        ]),
      ),
    },
  ]
}

function shownLoss({ id, was, is }: ColumnAccount['lost'][number]): string {
  return `id ${id}: was "${was}", is ${is === null ? 'nothing' : `"${is}"`}`
}

function totalOf(columns: readonly ColumnAccount[], what: 'kept' | 'of'): number {
  return columns.reduce((total, column) => total + column[what], 0)
}

function renameBlocks({ renames }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'Each rename, and what leaves a table', proof: 'verified' }
  if (isUnread(renames)) return [title, { kind: 'text', text: renames.unread }]
  return [
    title,
    {
      kind: 'table',
      caption: 'Tried on rows that no script can know, and read from PROD',
      heads: ['column', 'becomes', 'how the migrations do it', 'on such rows', 'in PROD'],
      rows: renames.map(({ from, to, isDue, how, onRows, inProd }) => [
        from,
        to ?? 'kept elsewhere',
        how,
        isDue ? judged(onRows.isGood, onRows.words) : told('not due yet'),
        isDue ? judged(inProd.isGood, inProd.words) : told(inProd.words),
      ]),
    },
  ]
}

function statementBlocks(text: string, statements: readonly Statement[]): Block[] {
  return [
    { kind: 'heading', text, proof: 'verified' },
    {
      kind: 'table',
      caption: text,
      heads: ['what', 'result'],
      rows: statements.map(({ what, isGood, words }) => [what, judged(isGood, words)]),
    },
  ]
}

function hardCodedBlocks({ hardCoded }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'Whether the files name a database', proof: 'verified' }
  if (hardCoded.length === 0)
    return [title, { kind: 'list', items: [good('None does: the address comes from the env files.')] }]
  return [
    title,
    { kind: 'list', items: hardCoded.map(({ file, line, words }) => bad(`${file}, line ${line}: ${words}`)) },
  ]
}
