/** What a command noted, a line of progress.txt. Lines stand in the order in which things happened. */
export interface ProgressEvent {
  /** As in `2026-11-26 05:10:33Z`. A clock may go back, so the order of the lines counts, and not this. */
  at: string
  /** As in `05`: the step that the learner was at, as far as it was known; `--` where it was not. */
  step: string
  kind: EventKind
  /** The first word: `missing`, `applied`, a level of a hint, the id of a question. */
  what: string
  /** The rest of the line, which may be empty. */
  words: string
}

/** What can be noted. The commands write these; a reader has to expect other words in a file that anybody can edit. */
export type Noted = (
  | { kind: 'check'; what: 'missing' | 'done' }
  | { kind: 'predict' | 'outcome'; what: string }
  | { kind: 'hint'; what: '1' | '2' | '3' }
  | { kind: 'drift'; what: 'left' | 'back' }
  | { kind: 'deploy'; what: 'applied' | 'refused' }
  | { kind: 'goto'; what: 'went' }
) & { words?: string; step?: string }

export const eventKinds = ['check', 'predict', 'outcome', 'hint', 'drift', 'deploy', 'goto'] as const
export type EventKind = (typeof eventKinds)[number]

export const firstLine =
  '# Your way through the workshop, an event a line: for you to read. Nothing in it is believed: what is done is checked anew.'

/** `2026-11-26 05:10:33Z  05  check    missing  DEV: the tables are those of this step` */
export function lineOf({ at, step, kind, what, words }: ProgressEvent): string {
  return oneLine(`${at}  ${step}  ${kind.padEnd(7)}  ${what}  ${words}`).trimEnd()
}

/** The events of a file, and the lines that are none. Comments and empty lines are neither. */
export function parseProgress(text: string): { events: ProgressEvent[]; unread: string[] } {
  const events: ProgressEvent[] = []
  const unread: string[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const event = eventOf(line)
    if (event) events.push(event)
    else unread.push(line)
  }
  return { events, unread }
}

function eventOf(line: string): ProgressEvent | undefined {
  const [, at, step, kind, what, words = ''] = shape.exec(line) ?? []
  if (!eventKinds.includes(kind as EventKind)) return undefined
  return { at: at!, step: step!, kind: kind as EventKind, what: what!, words: words.trimEnd() }
}

const shape = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ)  (\d\d|--)  ([a-z]+) +([\w-]+)(?:  (\P{Cc}*))?$/u

/** Says nothing new: the last line of its kind, and about the same question, is the same. */
export function isRepeated(event: ProgressEvent, events: readonly ProgressEvent[]): boolean {
  const isAbout = (one: ProgressEvent) =>
    one.kind === event.kind && (!['predict', 'outcome'].includes(event.kind) || one.what === event.what)
  const last = events.findLast(isAbout)
  // A database that has never left its migrations need not be told that it is back.
  if (!last) return event.kind === 'drift' && event.what === 'back'
  const isSame = last.what === event.what && last.words === event.words
  // A guess waits to be told that it has happened once more.
  const isAwaited =
    event.kind === 'deploy' && events.slice(events.lastIndexOf(last)).some(({ kind }) => kind === 'predict')
  return isSame && !isAwaited && (last.step === event.step || event.kind === 'drift')
}

/** Control characters, and what a terminal or a file would take for the end of the line, are spaces. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 300)
}
