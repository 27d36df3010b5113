import { SingleBar } from 'cli-progress'
import { grouped, lasting } from './numbers.ts'

export interface ProgressBar {
  update(done: number): void
  /** Puts a line above the bar. */
  say(line: string): void
  end(): void
}

interface Work {
  label: string
  total: number
  /** What earlier runs have done already: it says nothing of the rate of this one. */
  begun: number
  say: (line: string) => void
}

/** Rows a second, and the time that is left: a bar in a terminal; elsewhere, as in a log file, a line after each tenth. */
export function progressBar(work: Work): ProgressBar {
  return process.stdout.isTTY ? bar(work) : lines(work)
}

function bar({ label, total, begun, say }: Work): ProgressBar {
  const tell = pace(total, begun)
  const columns = process.stdout.columns ?? 80
  const single = new SingleBar({
    format: `${label}  {bar}  {words}`,
    stream: process.stdout,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // Beside the label and the words there is this much room for it; on a narrow terminal there is none.
    barsize: Math.max(1, Math.min(24, columns - label.length - 4 - widest(total))),
    hideCursor: true,
    gracefulExit: false, // It would end the process on Ctrl-C, in the middle of a batch.
  })
  const start = (done: number) => single.start(total, Math.min(done, total), { words: tell(done, columns) })
  let last = begun
  start(begun)
  return {
    update(done) {
      last = done
      // Rows that came meanwhile are looked at too.
      single.update(Math.min(done, total), { words: tell(done, columns) })
    },
    say(line) {
      single.stop()
      say(line)
      start(last)
    },
    end: () => single.stop(),
  }
}

function lines({ label, total, begun, say }: Work): ProgressBar {
  const tell = pace(total, begun)
  let tenths = Math.floor((begun * 10) / total)
  return {
    update(done) {
      const reached = Math.floor((done * 10) / total)
      if (reached > tenths) say(`${label}  ${tell(done)}`)
      tenths = reached
    },
    say,
    end() {},
  }
}

function pace(total: number, begun: number): (done: number, columns?: number) => string {
  const since = performance.now()
  return (done, columns = 80) => {
    const seconds = Math.max(0.001, (performance.now() - since) / 1000)
    const rate = Math.max(0, done - begun) / seconds
    const left = rate > 0 && done < total ? `  ${lasting((total - done) / rate)} left` : ''
    const speed = columns < 80 ? '' : `  ${grouped(Math.round(rate))} rows/s`
    return `${grouped(done)} of ${grouped(total)}${speed}${left}`
  }
}

/** The longest that these words become. */
function widest(total: number): number {
  return 2 * grouped(total).length + ' of   100,000 rows/s  59 min 59 s left'.length
}
