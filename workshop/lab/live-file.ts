import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stateDir } from '../../kit/project/project.ts'
import { ways } from './experiments.ts'
import type { LabWatching } from './lab-watching.ts'
import { withLine, type LiveBegin, type LiveLab, type LiveLine } from './live-lab.ts'
import { describeStep } from './take-step.ts'

/** What the lab that runs, or the last one, has said so far. Each lab begins it anew. */
const liveFile = () => join(stateDir, 'lab', 'now.jsonl')

/** Milliseconds from one line about the rows of the portal to the next. */
const pause = 500

/** Tells all of it to `watching`, and writes it into the file for others to follow. */
export function alsoLive(watching: LabWatching, about: Omit<LiveBegin, 'at'>): LabWatching {
  const write = writer()
  let [share, toldRows] = [undefined as number | undefined, Number.NEGATIVE_INFINITY]
  return {
    ...watching,
    onAlone() {
      write({ kind: 'begin', at: new Date().toISOString(), ...about }, 'anew')
      watching.onAlone?.()
    },
    onRows(done, all) {
      if (performance.now() - toldRows > pause) {
        toldRows = performance.now()
        write({ kind: 'rows', done, all })
      }
      watching.onRows(done, all)
    },
    onWay(way) {
      const { title, steps } = ways[way]
      write({ kind: 'way', way, title, steps: steps.map(describeStep) })
      watching.onWay(way)
    },
    onStep(step) {
      share = undefined
      write({ kind: 'step' })
      watching.onStep(step)
    },
    onProgress(done, all) {
      share = done / Math.max(1, all)
      watching.onProgress(done, all)
    },
    onSecond(second) {
      write({ kind: 'second', second, ...(share !== undefined && { share: Math.round(share * 1000) / 1000 }) })
      watching.onSecond(second)
    },
    onEnd(how, words) {
      write({ kind: 'end', at: new Date().toISOString(), how, ...(words !== undefined && { words }) })
      watching.onEnd?.(how, words)
    },
  }
}

/** Whoever follows a lab is worth no lab: where the file cannot be written, there is none. Only one end is written. */
function writer(): (line: LiveLine, how?: 'anew') => void {
  let isOver = false
  return (line, how) => {
    if (isOver) return
    isOver = line.kind === 'end'
    const text = `${JSON.stringify(line)}\n`
    try {
      mkdirSync(dirname(liveFile()), { recursive: true })
      if (how === 'anew') writeFileSync(liveFile(), text)
      else appendFileSync(liveFile(), text)
    } catch {
      isOver = true
    }
  }
}

/** What the last lab has said is old: its runs are kept elsewhere. */
export function forgetLive(): void {
  rmSync(liveFile(), { force: true })
}

/**
 * Follows the file. Each call returns the lab as far as it is, and reads only what has come since; a line that is still
 * being written waits for the next call. `isNews` is false where nothing has come.
 */
export function followLive(file = liveFile()): () => { lab: LiveLab | undefined; isNews: boolean } {
  let [lab, read, head] = [undefined as LiveLab | undefined, 0, '']
  return () => {
    const bytes = readFrom(file, read, head)
    if (bytes === undefined) {
      const isNews = lab !== undefined
      ;[lab, read, head] = [undefined, 0, '']
      return { lab, isNews }
    }
    if (bytes.isAnother) [lab, read, head] = [undefined, 0, '']
    const whole = bytes.text.subarray(0, bytes.text.lastIndexOf(10) + 1)
    for (const line of whole.toString('utf8').split('\n')) {
      if (line === '') continue
      if (read === 0 && head === '') head = line
      lab = withLine(lab, line)
    }
    read += whole.length
    return { lab, isNews: whole.length > 0 || bytes.isAnother }
  }
}

/** What stands behind `read`; all of it where the file does not begin with `head` any more. Undefined where there is none. */
function readFrom(file: string, read: number, head: string): { text: Buffer; isAnother: boolean } | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return undefined
  }
  try {
    const bytes = (from: number, length: number) => {
      const buffer = Buffer.alloc(length)
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, from))
    }
    const { size } = fstatSync(descriptor)
    const begins = Buffer.from(head)
    const isAnother = read > 0 && (size < read || !bytes(0, begins.length).equals(begins))
    const from = isAnother ? 0 : read
    return { text: bytes(from, size - from), isAnother }
  } finally {
    closeSync(descriptor)
  }
}
