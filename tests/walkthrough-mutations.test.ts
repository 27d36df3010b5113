import { afterAll, expect, test } from '@jest/globals'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Action } from '../workshop/plain/document.ts'
import { readSteps } from '../workshop/course/steps.ts'
import { documentPath, readSections, runWalkthrough } from '../workshop/course/walkthrough.ts'
import { scratchFolder } from './support/server.ts'

// A command or an edit of WALKTHROUGH.md is changed, and its section executed from the tag before: that has to fail.

const folder = scratchFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Mutation {
  section: number
  /** Line of the document, from 1. */
  line: number
  text: string
}

const lines = readFileSync(documentPath, 'utf8').split('\n')
const all = readSections(documentPath, readSteps()).flatMap(({ number, actions }) =>
  actions.flatMap((action) => mutationsOf(action).map((mutation) => ({ section: number, ...mutation }))),
)
const isNightly = process.env['WORKSHOP_ALL_MUTATIONS'] === '1'
const sample = isNightly ? all : Array.from({ length: 10 }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / 10)]!)
if (!isNightly) process.stderr.write(`${sample.length} of ${all.length} mutations; all with WORKSHOP_ALL_MUTATIONS=1\n`)

test.each(sample)(
  'section $section, line $line: "$text" is noticed',
  async ({ section, line, text }: Mutation) => {
    const document = join(folder, `${line}.md`)
    writeFileSync(document, lines.with(line - 1, text).join('\n'))
    const { failed } = await runWalkthrough({ document, from: section, to: section, limit: 60_000 }, () => {})
    expect(failed?.section.number).toBe(section)
  },
  600_000,
)

/** One for each line that does something: a command with another word, an added line with another word. */
function mutationsOf({ kind, line, lines: own }: Action): Omit<Mutation, 'section'>[] {
  return own.flatMap((text, i) => {
    const isMeant = kind === 'diff' ? /^\+(?!\+\+).*\w{3}/.test(text) : /\w{3}/.test(text) && !/^\s*(#|--)/.test(text)
    return isMeant ? [{ line: line + i, text: changed(text, kind) }] : []
  })
}

/** In a diff, comments of SQL are free: there the word is changed all the same, and then it is no comment any more. */
function changed(text: string, kind: Action['kind']): string {
  if (kind === 'diff') return text.replace(/^\+(\s*)(--\s*)?(.*?)(\w+)(\W*)$/, '+$1$3$4x$5')
  // The last word that is not in quotes: what a commit is called is the learner's own, and so is the name of a migration
  // that is never made.
  return text.replace(/^((?:[^"'\s]+\s+)*)(?<!--name )([\w/.:-]*\w{2,}[\w/.:-]*)(?=\s|$|\(|;)/, '$1$2x')
}
