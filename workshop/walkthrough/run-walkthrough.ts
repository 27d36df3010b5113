import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseDocument, type Section } from './document.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Recorded } from './record-output.ts'
import { WalkthroughFailure } from './failure.ts'
import { leaveNothing } from '../../kit/project/leave-nothing.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { openShell, type ShellSession } from './shell-session.ts'
import { readSteps, type LoadedStep } from '../course/read-steps.ts'
import { commandsOf, doAction, type Walk } from './run-action.ts'
import { assertEnd } from './section-end.ts'
import { makeGround, type Ground } from './ground.ts'
import { goToEndOf } from './section-start.ts'

export const documentPath = join(projectRoot, 'WALKTHROUGH.md')

export interface WalkthroughOptions {
  /** Absolute path of the document. */
  document?: string
  /** Numbers of the first and the last step whose sections are executed. */
  from?: number
  to?: number
  /** Outputs are taken down, and not compared. */
  isRecording?: boolean
  /** Milliseconds that one command may take. */
  limit?: number
  /** Gives a copy that stands where `from` begins. Without it, one is made and brought there. */
  ground?: () => Promise<Ground>
}

export interface Counts {
  commands: number
  outputs: number
  edits: number
}

export interface SectionReport extends Counts {
  section: Section
  seconds: number
  failure?: WalkthroughFailure
}

export interface WalkthroughReport extends Counts {
  /** What stands in the document and was not done. */
  skipped: number
  /** The outputs as they were seen, in the document's words. */
  seen: readonly Recorded[]
  /** The section that failed, when one did. */
  failed?: { section: Section; failure: WalkthroughFailure }
}

const noMore = Number.POSITIVE_INFINITY

/**
 * Executes the document's sections, one after the other, in a scratch copy of the working tree with servers of its own.
 * Ends at the first failure. Throws a Problem for a document that cannot be executed at all, before anything is started.
 */
export async function runWalkthrough(
  options: WalkthroughOptions,
  report: (section: SectionReport) => void,
): Promise<WalkthroughReport> {
  const { document = documentPath, from = 0, to = noMore, isRecording = false, limit = 120_000 } = options
  const all = readSteps()
  const steps = all.filter(({ number }) => from <= number && number <= to)
  const before = all.findLast(({ number }) => number < from)
  const sections = readSections(document, steps, { from, to })
  const open = () => openGround(options.ground ?? makeGround)
  return leaveNothing(open, async (opened) => {
    const done = { commands: 0, outputs: 0, edits: 0 }
    const walk: Walk = { ...opened, limit, isRecording, done, seen: [] }
    if (before && !options.ground) await goToEndOf(before, walk.ground)
    const ended = () => ({ ...done, skipped: total(countOf(sections)) - total(done), seen: walk.seen })
    for (const [i, section] of sections.entries()) {
      const ran = await runSection(section, steps[i]!, walk)
      report(ran)
      if (ran.failure) return { ...ended(), failed: { section, failure: ran.failure } }
    }
    return ended()
  })
}

/** The document's sections in this range: one for each of these steps, in their order. Throws a Problem. */
export function readSections(
  document: string,
  steps: readonly LoadedStep[],
  { from = 0, to = noMore }: { from?: number; to?: number } = {},
): Section[] {
  const name = basename(document)
  const all = parseDocument(readFileSync(document, 'utf8'), name)
  const sections = all.filter(({ number }) => from <= number && number <= to)
  for (const [i, { number, title, line }] of sections.entries()) {
    const step = steps.find((one) => one.number === number)
    if (!step) throw notAStep(`${name}:${line}`, number)
    if (step.step.title !== title) throw otherTitle(`${name}:${line}`, step, title)
    if (sections[i - 1] && sections[i - 1]!.number >= number) throw notInOrder(`${name}:${line}`, number)
  }
  const missing = steps.find(({ number }) => sections.every((section) => section.number !== number))
  if (missing) throw noSection(name, missing)
  return sections
}

async function runSection(section: Section, step: LoadedStep, walk: Walk): Promise<SectionReport> {
  const since = performance.now()
  const before = { ...walk.done }
  let failure: WalkthroughFailure | undefined
  try {
    for (const action of section.actions) await doAction(action, walk)
    await assertEnd(section, step, walk.ground)
  } catch (error) {
    if (!(error instanceof WalkthroughFailure)) throw error
    failure = error
  }
  return {
    section,
    seconds: (performance.now() - since) / 1000,
    commands: walk.done.commands - before.commands,
    outputs: walk.done.outputs - before.outputs,
    edits: walk.done.edits - before.edits,
    ...(failure && { failure }),
  }
}

/** What there is to do in these sections. */
export function countOf(sections: readonly Section[]): Counts {
  const actions = sections.flatMap((section) => section.actions)
  const typed = actions.filter((action) => action.kind !== 'diff')
  return {
    commands: typed
      .map((action) => (action.kind === 'sh' ? commandsOf(action).length : action.lines.length))
      .reduce((sum, n) => sum + n, 0),
    outputs: typed.filter(({ output }) => output).length,
    edits: actions.length - typed.length,
  }
}

function total({ commands, outputs, edits }: Counts): number {
  return commands + outputs + edits
}

interface Opened {
  ground: Ground
  shell: ShellSession
  remove(): Promise<void>
}

async function openGround(make: () => Promise<Ground>): Promise<Opened> {
  const ground = await make()
  try {
    const shell = await openShell(ground.folder, ground.env)
    return {
      ground,
      shell,
      async remove() {
        await shell.close()
        await ground.remove()
      },
    }
  } catch (error) {
    await ground.remove()
    throw error
  }
}

function notAStep(where: string, number: number): Problem {
  return new Problem(`${where}: there is no step ${twoDigits(number)}.`, {
    why: 'A section belongs to a step of steps/, and is found by its number.',
    next: 'Correct the number in the heading, or take the section out.',
  })
}

function otherTitle(where: string, { number, step }: LoadedStep, title: string): Problem {
  return new Problem(`${where}: the step ${twoDigits(number)} has another title.`, {
    why: `It is "${step.title}", and the heading says "${title}".`,
    next: `Write it like  ## ${twoDigits(number)} · ${step.title}`,
  })
}

function notInOrder(where: string, number: number): Problem {
  return new Problem(`${where}: the section ${twoDigits(number)} stands at the wrong place.`, {
    why: 'The sections are executed from top to bottom, each step once.',
    next: 'Move it to its place.',
  })
}

function noSection(name: string, { number, step, tag }: LoadedStep): Problem {
  return new Problem(`${name} has no section for ${tag}.`, {
    why: 'Each step of steps/ is walked through.',
    next: `Write one, with the heading  ## ${twoDigits(number)} · ${step.title}`,
  })
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
