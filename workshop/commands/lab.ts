import { join } from 'node:path'
import pc from 'picocolors'
import { here } from '../../kit/database/target.ts'
import { stateDir } from '../../kit/project/project.ts'
import { ask } from '../../kit/terminal/ask.ts'
import { nearest } from '../../kit/terminal/nearest.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { askFirst, heldAgainst } from '../lab/asked-first.ts'
import { experiments, labWords, troubles, ways, type ExperimentName, type WayName } from '../lab/experiments.ts'
import { newestRun, readRuns, type KeptRun } from '../lab/kept-runs.ts'
import { comparison, overTime, secondLine, secondsHead, troubleLines } from '../lab/lab-lines.ts'
import { readNumber } from '../lab/lab-numbers.ts'
import type { LabWatching } from '../lab/lab-watching.ts'
import { openPortal, removeLab, runLab } from '../lab/run-lab.ts'
import { connectToLab } from '../lab/lab-server.ts'
import { promptForSql } from '../prompts/sql-prompt.ts'
import { startProgress, type Progress } from '../seeding/progress-bar.ts'

/** Words that run nothing under traffic. */
const others = ['open', 'compare', 'remove'] as const

interface Flags {
  scale?: string
  rate?: string
  connections?: string
  trouble?: string
  yes?: boolean
}

/** `npm run lab naive|expand|rename|queue|index|type|open|compare|remove`: a change under traffic, on a portal of its own. */
export async function lab(words: readonly string[], flags: Flags): Promise<number> {
  const [word = '', ...rest] = words
  if (rest.length > 0 || !isWord(word)) throw unknown(words)
  const how = {
    scale: readNumber('scale', flags.scale, 0.1),
    rate: readNumber('rate', flags.rate, 200),
    connections: Math.round(readNumber('connections', flags.connections, 16)),
  }
  if (word === 'remove') return remove()
  if (word === 'compare') return compare()
  if (word === 'open') return open(how)
  const { experiment, ways: plain } = labWords[word]
  const chosen = flags.trouble === undefined ? plain : [troubleOf(word, flags.trouble)]
  const paper = { say, columns: process.stdout.columns, root: here.root }
  // Whoever asks for a trouble knows the question, and another answer is right.
  const guess = ask && !flags.yes && flags.trouble === undefined ? await askFirst(word, { ask, ...paper }) : undefined
  const options = { ...how, experiment, ways: chosen, predicted: guess && `${guess.letter}: ${guess.words}` }
  const runs = await runLab(options, watching(experiment))
  const other = experiments[experiment].ways.find((way) => !chosen.includes(way as never))
  const before = other && flags.trouble === undefined ? newestRun(other, how) : undefined
  showTogether(experiment, before ? inOrder(experiment, [before, ...runs]) : runs)
  if (guess) say(`\n${heldAgainst(guess, runs[0]!.run, paper).join('\n')}`)
  say(`\nnext  ${nextOf(word, before !== undefined)}`)
  return runs.every(({ run }) => run.isWhole) ? 0 : 1
}

/** Prints as it goes: the portal as it is filled, then each second of each way. */
function watching(experiment: ExperimentName): LabWatching {
  let bar: Progress | undefined
  const endBar = () => {
    bar?.end()
    bar = undefined
  }
  let tenth = 0
  return {
    onRows(done, all) {
      bar ??= startProgress('LAB   rows', all, say)
      bar.update(done)
    },
    say(line) {
      endBar()
      say(wrap(`LAB   ${line}`, process.stdout.columns))
    },
    onWay(way: WayName) {
      endBar()
      const title = wrap(`${experiments[experiment].title}: ${ways[way].title}`, process.stdout.columns)
      say(`\n${pc.bold(title)}\n\n${secondsHead}`)
    },
    onStep(step) {
      tenth = 0
      say(pc.cyan(`· ${step}`))
    },
    onSecond: (second) => say(secondLine(second, process.stdout.columns)),
    onProgress(done, all) {
      const reached = Math.floor((done * 4) / all)
      if (reached > tenth && reached < 4) say(pc.dim(`  ${reached * 25} % of the rows`))
      tenth = reached
    },
  }
}

function showTogether(experiment: ExperimentName, runs: readonly KeptRun[]): void {
  const { columns } = process.stdout
  const how = `scale ${runs[0]!.scale}, ${runs[0]!.rate} operations/s`
  say(`\n${wrap(`${pc.bold(experiments[experiment].title)}   ${how}`, columns)}\n`)
  for (const line of comparison(runs, columns)) say(line)
  say('\nThe slowest answer of each second, from left to right:')
  for (const { run } of runs) say(`  ${overTime(run, columns)}  ${run.title}`)
  const trouble = runs.flatMap((run) => troubleLines(run))
  if (trouble.length > 0) say('')
  for (const line of trouble) say(wrap(line, columns))
}

function compare(): number {
  const { runs, damaged } = readRuns()
  for (const name of damaged) say(`! ${name} in .workshop/lab/runs cannot be read: it is left out.`)
  const conditions = new Set(runs.map(({ experiment, scale, rate }) => `${experiment} ${scale} ${rate}`))
  for (const one of conditions) {
    const own = runs.filter(({ experiment, scale, rate }) => `${experiment} ${scale} ${rate}` === one)
    const newest = own.filter(({ run }, i) => !own.slice(i + 1).some((later) => later.run.way === run.way))
    showTogether(
      own[0]!.experiment as ExperimentName,
      inOrder(own[0]!.experiment as ExperimentName, newest).slice(0, 2),
    )
  }
  if (runs.length === 0) say('No run is kept yet.')
  say(`\nnext  npm run lab ${runs.length === 0 ? 'naive' : 'queue'}`)
  return 0
}

/** An SQL prompt on a fresh portal, to try things out; it goes away in the end. */
async function open(how: { scale: number; connections: number }): Promise<number> {
  await openPortal(how, watching('column'), async (url) => {
    const connect = () => connectToLab(url, 'lab prompt')
    const client = await connect()
    const paper = { print: say, complain: (line: string) => console.error(line) }
    const keyboard = {
      input: process.stdin,
      output: process.stdout,
      historyFile: join(stateDir, 'psql-history-lab'),
    }
    if (process.stdin.isTTY)
      say('LAB   a fresh portal; what you do here is gone when you leave. \\? for help, \\q to leave.')
    await promptForSql({ env: 'dev', name: 'portal', client, connect, paper }, keyboard).finally(() => client.end())
  })
  return 0
}

async function remove(): Promise<number> {
  say(
    (await removeLab())
      ? 'LAB   its server and its portals are gone. What was measured stays in .workshop/lab.'
      : 'LAB   there was none.',
  )
  say('\nnext  npm run lab compare')
  return 0
}

function inOrder(experiment: ExperimentName, runs: readonly KeptRun[]): KeptRun[] {
  const all: readonly string[] = experiments[experiment].ways
  return runs.toSorted((a, b) => all.indexOf(a.run.way) - all.indexOf(b.run.way))
}

function nextOf(word: keyof typeof labWords, hasBoth: boolean): string {
  const after = { naive: 'expand', expand: 'rename', rename: 'queue', queue: 'index', index: 'type', type: 'compare' }
  return `npm run lab ${word === 'expand' && !hasBoth ? 'naive' : after[word]}`
}

function troubleOf(word: string, trouble: string): WayName {
  if (word === 'expand' && Object.hasOwn(troubles, trouble)) return troubles[trouble as keyof typeof troubles]
  throw new Problem('There is no such trouble: nothing was begun.', {
    why: `--trouble goes with expand, and is ${Object.keys(troubles).join(' or ')}.`,
    next: 'npm run lab expand -- --trouble duplicates',
  })
}

function isWord(word: string): word is keyof typeof labWords | (typeof others)[number] {
  return Object.hasOwn(labWords, word) || (others as readonly string[]).includes(word)
}

function unknown(words: readonly string[]): Problem {
  const all = [...Object.keys(labWords), ...others]
  const meant = words[0] === undefined ? undefined : nearest(words[0], all)
  return new Problem(words.length === 0 ? 'Which experiment?' : `The lab does not know "${words.join(' ')}".`, {
    why: `It takes one word: ${all.join(', ')}.`,
    next: `npm run lab ${meant ?? 'naive'}`,
  })
}

function say(text: string): void {
  console.log(text)
}
