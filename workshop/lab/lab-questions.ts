import type { labWords } from './experiments.ts'
import { duration } from './lab-lines.ts'
import { patience } from './latencies.ts'
import type { WayRun } from './run-way.ts'

export type LabWord = keyof typeof labWords

/** What decides which choice of a question was right. The words of question and choices stand in docs/lab.md. */
export interface LabQuestion {
  /** The letter of what happened. */
  outcome(run: WayRun): string
  /** What was measured of it, in a few words. */
  measured(run: WayRun): string
  /** Why it is so, in one sentence, whatever was measured here. */
  because: string
}

export const labQuestions: Record<LabWord, LabQuestion> = {
  naive: {
    ...byStandstill('a', 'b', 'c'),
    because:
      'ADD COLUMN takes the strongest lock, and a transaction holds its locks to its end: until all rows are written and the index is built.',
  },
  expand: {
    outcome: ({ failed, waits }) => (failed.old.count > 0 ? 'c' : longestWait(waits) > patience ? 'a' : 'b'),
    measured: ({ failed, waits }) =>
      failed.old.count > 0
        ? `${failed.old.count} operations failed`
        : `Nobody waited for a lock for longer than ${duration(longestWait(waits))}`,
    because:
      'Each step holds a strong lock for a moment only, a batch holds its rows for a tenth of a second, and a trigger fills what the old version writes.',
  },
  rename: {
    outcome: ({ seconds }) => {
      const failing = seconds.filter(({ failed }) => failed.old > 0).length
      return failing === 0 ? 'c' : failing === 1 ? 'b' : 'a'
    },
    measured: ({ failed }) => `${failed.old.count} operations failed`,
    because: 'The name is gone in a millisecond, and the old version asks for it until its last process has ended.',
  },
  queue: {
    ...byStandstill('a', 'c', 'b'),
    because: 'A lock that is only asked for stops everybody who comes later, readers too, until the report lets go.',
  },
  index: {
    ...byStandstill('b', 'c', 'a'),
    because:
      'CREATE INDEX lets nobody write while it reads and sorts the table: ten times the rows take ten times as long.',
  },
  type: {
    ...byStandstill('a', 'b', 'c'),
    because:
      'An int and a bigint differ in size, so the whole table and all its indexes are written anew, under the strongest lock.',
  },
}

/** Letters for: nobody waits, or somebody for less than a second, or for longer. */
function byStandstill(none: string, short: string, long: string): Pick<LabQuestion, 'outcome' | 'measured'> {
  return { outcome: ({ standstill }) => (standstill === 0 ? none : standstill < 1 ? short : long), measured: waited }
}

function longestWait({ longest, logged }: WayRun['waits']): number {
  return Math.max(longest, logged.longest)
}

function waited({ standstill, during }: WayRun): string {
  if (standstill === 0) return `Nobody waited for longer than ${duration(during.worst)}`
  return `For ${standstill.toFixed(1)} s somebody waited`
}
