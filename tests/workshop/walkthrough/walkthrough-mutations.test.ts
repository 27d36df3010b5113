import { afterAll, expect, test } from '@jest/globals'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Action } from '../../../workshop/walkthrough/document.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { documentPath, readSections, runWalkthrough } from '../../../workshop/walkthrough/run-walkthrough.ts'
import { courseEnd } from '../../support/laid-steps.ts'
import { scratchFolder } from '../../support/server.ts'
import { openGrounds } from './walkthrough-grounds.ts'

// A command or an edit of WALKTHROUGH.md is changed, and its section executed from the end of the step before: what is
// wrong has to be noticed there or below, and said.

const folder = scratchFolder()
const grounds = openGrounds()
afterAll(() => {
  grounds.remove()
  rmSync(folder, { recursive: true, force: true })
})

interface Mutation {
  section: number
  /** How many actions of the section come before it. */
  before: number
  kind: Action['kind']
  /** Where its code block begins, from 1: a prompt and a patch are told of as a whole. */
  block: number
  /** Line of the document, from 1. */
  line: number
  text: string
}

const lines = readFileSync(documentPath, 'utf8').split('\n')
const steps = readSteps()
const all = readSections(documentPath, steps).flatMap(({ number, actions }) =>
  actions.flatMap((action, before) =>
    mutationsOf(action).map((mutation) => ({ section: number, before, ...mutation })),
  ),
)
const isNightly = process.env['WORKSHOP_ALL_MUTATIONS'] === '1'
const ofCourse = all.filter(({ section }) => section <= courseEnd)
/** One of each tenth, of all kinds in turn, with as little as can be before it in its section: the night runs them all. */
const sample = isNightly ? all : Array.from({ length: 10 }, (_, i) => cheapest(i, i % 2 === 0 ? 'sh' : 'diff'))
if (!isNightly) process.stderr.write(`${sample.length} of ${all.length} mutations; all with WORKSHOP_ALL_MUTATIONS=1\n`)

/** What the walkthrough can say of a change. That a command did not end is none of it: then nothing was compared. */
const reasons =
  /^(It ends with \d+, and not with |It writes something else|psql, which is installed here, writes something else|The diff does not apply|It never asked )/
const reasonsAtTheEnd = /^(The files are not those of |Not everything is committed|The step’s check fails)/

test.each(sample)(
  'section $section, line $line: "$text" is noticed',
  async ({ section, block, line, text }: Mutation) => {
    const document = join(folder, `${line}.md`)
    writeFileSync(document, lines.with(line - 1, text).join('\n'))
    const before = steps.findLast(({ number }) => number < section)
    const ground = () => grounds.atEndOf(before)
    const { failed } = await runWalkthrough({ document, from: section, to: section, ground }, () => {})
    expect(failed?.section.number).toBe(section)
    const { message, line: at, command, shown } = failed!.failure
    const isAtTheEnd = command.startsWith('the end of ')
    const isTold = (isAtTheEnd ? reasonsAtTheEnd : reasons).test(message)
    // Whatever fails above it has not to do with it.
    const isBelow = isAtTheEnd || at >= block
    const told = { message, at, command, shown }
    expect({ isTold, isBelow, ...told }).toEqual({ isTold: true, isBelow: true, ...told })
  },
  600_000,
)

function cheapest(tenth: number, kind: Action['kind']): Mutation {
  const [from, to] = [tenth, tenth + 1].map((n) => Math.floor((n * ofCourse.length) / 10))
  const those = ofCourse.slice(from, to)
  const wanted = those.filter((one) => one.kind === kind)
  return (wanted.length > 0 ? wanted : those).toSorted((a, b) => a.before - b.before)[0]!
}

/** One for each line that does something: a command with another word, an added line with another word. */
function mutationsOf({ kind, line, lines: own }: Action): Omit<Mutation, 'section' | 'before'>[] {
  return own.flatMap((text, i) => {
    const isMeant = kind === 'diff' ? /^\+(?!\+\+).*\w{3}/.test(text) : /\w{3}/.test(text) && !/^\s*(#|--)/.test(text)
    // A prompt and a patch are told of as a whole, a shell's command by itself.
    const block = kind === 'sh' ? line + i : line
    return isMeant ? [{ kind, block, line: line + i, text: changed(text, kind) }] : []
  })
}

/** In a diff, comments of SQL are free: there the word is changed all the same, and then it is no comment any more. */
function changed(text: string, kind: Action['kind']): string {
  if (kind === 'diff') return text.replace(/^\+(\s*)(--\s*)?(.*?)(\w+)(\W*)$/, '+$1$3$4x$5')
  // The last word that is not in quotes: what a commit is called is the learner's own, and so is the name of a migration
  // that is never made.
  return text.replace(/^((?:[^"'\s]+\s+)*)(?<!--name )([\w/.:-]*\w{2,}[\w/.:-]*)(?=\s|$|\(|;)/, '$1$2x')
}
