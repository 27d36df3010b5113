import type { Block } from './page-blocks.ts'
import { bad, good, told } from './page-blocks.ts'
import { driftWords } from './drift-picture.ts'
import { isUnread, type MigrationAccount, type Report, type Told } from './report-data.ts'

/** What was done on the way: each migration, PROD's ledger, commits, and what is only told. */
export function pageOfPast(report: Report, picture: string | undefined): Block[] {
  return [
    ...migrationBlocks(report),
    ...ledgerBlocks(report),
    ...commitBlocks(report),
    ...driftBlocks(report.told, picture),
    ...predictionBlocks(report.told),
    ...hardestBlocks(report.told),
  ]
}

function migrationBlocks({ migrations }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'Each migration', proof: 'verified' }
  if (isUnread(migrations)) return [title, { kind: 'text', text: migrations.unread }]
  if (migrations.length === 0) return [title, { kind: 'text', text: 'There is none.' }]
  return [title, ...migrations.map(migrationBlock)]
}

function migrationBlock({ name, sql, hazards, appliedTo, deploy, commit }: MigrationAccount): Block {
  return {
    kind: 'fold',
    summary: `${name}: ${appliedTo.length > 0 ? `applied to ${appliedTo.join(' and ')}` : 'applied nowhere'}`,
    blocks: [
      {
        kind: 'list',
        items: [
          `What the deploy said: ${deploy}.`,
          told(`Commit: ${commit}.`),
          ...(hazards.length === 0
            ? [good('No hazard was found in it.')]
            : hazards.map((one) => (one.endsWith('dangerous') ? bad(one) : told(one)))),
        ],
      },
      { kind: 'code', text: sql, lang: 'sql' },
    ],
  }
}

function ledgerBlocks({ ledger }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'PROD’s ledger', proof: 'told' }
  const about =
    'As PROD has it. Who owns its server can edit it; “whether it is all of one piece” says what speaks against that.'
  if (ledger.length === 0)
    return [title, { kind: 'text', text: 'There is none: nothing was deployed by the workshop.' }]
  return [title, { kind: 'text', text: about }, { kind: 'code', text: ledger.join('\n'), lang: 'text' }]
}

function commitBlocks({ commits }: Report): Block[] {
  const title: Block = { kind: 'heading', text: 'Commits along the way', proof: 'told' }
  const notes: Block[] = commits.notes.length > 0 ? [{ kind: 'list', items: commits.notes.map(told) }] : []
  if (commits.own.length === 0) return [title, ...notes]
  return [
    title,
    ...notes,
    {
      kind: 'table',
      caption: 'Own commits, the oldest first, with name and time as git has them',
      heads: ['commit', 'when', 'who', 'what'],
      rows: commits.own.map(({ id, at, author, subject }) => [id, at.replace('T', ' '), author, subject]),
    },
  ]
}

function driftBlocks(of: Told, picture: string | undefined): Block[] {
  const title: Block = { kind: 'heading', text: 'Drift over time', proof: 'told' }
  const words = driftWords(of.drifts)
  const clock = of.clockWentBack
    ? ' A clock went back on the way: what stands further right came later in the file.'
    : ''
  if (picture === undefined) return [title, { kind: 'text', text: words }]
  return [title, { kind: 'picture', svg: picture, words: `${words}${clock}` }]
}

function predictionBlocks({ predictions, hints, unread, events }: Told): Block[] {
  const title: Block = { kind: 'heading', text: 'Predictions and hints', proof: 'told' }
  const about = `From progress.txt, ${events.length} lines. Anybody can edit it, so nothing here rests on it.${unread > 0 ? ` ${unread} more of its lines cannot be read.` : ''}`
  const right = predictions.filter(({ guess, outcome }) => guess === outcome).length
  return [
    title,
    { kind: 'text', text: about },
    predictions.length === 0
      ? { kind: 'text', text: 'No prediction.' }
      : {
          kind: 'table',
          caption: `Predictions: ${right} of ${predictions.length} were right`,
          heads: ['step', 'question', 'guess', 'what happened'],
          rows: predictions.map(({ step, question, guess, outcome }) => [
            step,
            question,
            guess,
            told(outcome ?? 'not seen'),
          ]),
        },
    hints.length === 0
      ? { kind: 'text', text: 'No hint.' }
      : {
          kind: 'table',
          caption: 'Hints',
          heads: ['step', 'hints taken', 'the furthest level'],
          rows: hints.map(({ step, count, deepest }) => [step, String(count), deepest]),
        },
  ]
}

function hardestBlocks({ hardest }: Told): Block[] {
  const title: Block = { kind: 'heading', text: 'Where it took longest', proof: 'told' }
  if (hardest.length === 0) return [title, { kind: 'text', text: 'progress.txt tells of no such place.' }]
  return [
    title,
    {
      kind: 'table',
      caption: 'The places with the most time and failures; a break of more than half an hour is not counted',
      heads: ['step', 'minutes', 'failed', 'what was missing most often'],
      rows: hardest.map(({ step, minutes, failures, missing }) => [step, String(minutes), String(failures), missing]),
    },
  ]
}
