import { SingleBar } from 'cli-progress'
import { grouped } from '../../kit/terminal/numbers.ts'

export interface Progress {
  update: (done: number) => void
  end: () => void
}

/** A bar in a terminal; elsewhere, as in a log file, a line after each tenth. */
export function startProgress(label: string, total: number, say: (line: string) => void): Progress {
  return process.stdout.isTTY ? bar(label, total) : lines(label, total, say)
}

/** What is there already costs almost nothing, so the rate is of all rows that were looked at. */
export function rowsPerSecond(rows: number, since: number): string {
  return `${grouped(Math.round((rows * 1000) / Math.max(1, performance.now() - since)))} rows/s`
}

function bar(label: string, total: number): Progress {
  const since = performance.now()
  const single = new SingleBar({
    format: `${label}  {bar}  {done} of ${grouped(total)}  {rate}`,
    stream: process.stdout,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24, // All of it fits into 80 columns, at a million too.
    hideCursor: true,
    gracefulExit: false, // It would end the process on Ctrl-C, in the middle of a batch.
  })
  single.start(total, 0, { done: '0', rate: '' })
  return {
    update: (done) => single.update(done, { done: grouped(done), rate: rowsPerSecond(done, since) }),
    end: () => single.stop(),
  }
}

function lines(label: string, total: number, say: (line: string) => void): Progress {
  const since = performance.now()
  let tenths = 0
  return {
    update(done) {
      const reached = Math.floor((done * 10) / total)
      if (reached > tenths) say(`${label}  ${grouped(done)} of ${grouped(total)}  ${rowsPerSecond(done, since)}`)
      tenths = reached
    },
    end() {},
  }
}
