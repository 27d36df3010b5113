import { readFileSync, writeFileSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import pc from 'picocolors'
import { findStep } from '../course/read-steps.ts'
import { documentPath, twoDigits, type SectionReport } from '../walkthrough/run-walkthrough.ts'
import { runInHalves } from '../walkthrough/halves.ts'
import { recordOutputs, type Recorded } from '../walkthrough/record-output.ts'
import type { WalkthroughFailure } from '../walkthrough/failure.ts'
import { run } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'

interface Flags {
  from?: string
  to?: string
  record?: boolean
}

/** `npm run walkthrough -- [FILE] [--from 07] [--to 09] [--record]`: executes WALKTHROUGH.md. */
export async function walkthrough(words: readonly string[], flags: Flags): Promise<number> {
  const document = words[0] === undefined ? documentPath : resolve(words[0])
  const number = (word: string | undefined) => (word === undefined ? {} : { number: findStep(word).number })
  const { number: from = 0 } = number(flags.from)
  const { number: to = Number.POSITIVE_INFINITY } = number(flags.to)
  const since = performance.now()
  console.log(`Walking through ${basename(document)}, in a copy with servers of its own …`)
  const report = await runInHalves({ document, from, to, isRecording: flags.record ?? false }, (section) =>
    say(line(section)),
  )
  if (report.failed) for (const each of describe(report.failed.failure, basename(document))) say(each)
  if (flags.record) await record(document, report.seen)
  const { commands, outputs, edits, skipped, failed } = report
  const seconds = ((performance.now() - since) / 1000).toFixed(0)
  say(`\n${commands} commands, ${outputs} outputs, ${edits} edits, ${skipped} skipped   ${seconds} s`)
  const again = failed && twoDigits(failed.section.number)
  say(`\nnext  ${again ? `npm run walkthrough -- --from ${again} --to ${again}` : 'npm test'}`)
  return failed ? 1 : 0
}

function line({ section, commands, outputs, edits, seconds, failure }: SectionReport): string {
  const mark = failure ? pc.red('✗') : pc.green('✓')
  const done = `${commands} commands, ${outputs} outputs, ${edits} edits  ${seconds.toFixed(1)} s`
  return `${mark} ${twoDigits(section.number)} ${section.title}  ${pc.dim(done)}`
}

function describe({ message, line: at, command, shown }: WalkthroughFailure, name: string): string[] {
  const colour = (text: string) =>
    text.startsWith('- ') ? pc.red(text) : text.startsWith('+ ') ? pc.green(text) : text
  return [
    '',
    `  ${pc.bold(`${name}:${at}`)}  ${command.split('\n').join('\n      ')}`,
    `  ${message}`,
    ...(shown.some((text) => text.startsWith('- ')) ? [`  ${pc.dim('(- expected, + got)')}`] : []),
    '',
    ...shown.map((text) => `    ${colour(text)}`),
  ]
}

/** Writes what was seen into the document, and shows what has changed in it. */
async function record(document: string, seen: readonly Recorded[]): Promise<void> {
  writeFileSync(document, recordOutputs(readFileSync(document, 'utf8'), seen))
  const inside = relative(projectRoot, document)
  if (inside.startsWith('..')) return
  say('')
  await run(['git', '--no-pager', 'diff', '--', inside])
}

function say(text: string): void {
  console.log(text)
}
