import type { Second } from '../../../workshop/lab/figures.ts'
import type { KeptRun } from '../../../workshop/lab/kept-runs.ts'
import type { LiveLine } from '../../../workshop/lab/live-lab.ts'

const about = { experiment: 'column', scale: 0.1, rate: 200, connections: 16 }

/** What a lab that expands and contracts has written after so many seconds, a line each. */
export function labLines({ seconds, end }: { seconds: number; end?: 'done' }): string[] {
  const at = new Date().toISOString()
  const steps = ['deploy add_handle', 'backfill handle', 'deploy handle_is_unique', 'deploy handle_is_required']
  const rest = Array.from({ length: seconds }, (_, i): LiveLine[] => [
    ...(i === 3 || i === 6 ? [{ kind: 'step' } as const] : []),
    { kind: 'second', second: labSecond(i + 1), ...(i >= 6 && { share: 0.634 }) },
  ])
  const lines: LiveLine[] = [
    { kind: 'begin', at, ...about, predicted: 'b: Nobody.' },
    { kind: 'rows', done: 1, all: 1 },
    { kind: 'way', way: 'expand', title: 'expand and contract', steps },
    ...rest.flat(),
    ...(end ? [{ kind: 'end', at, how: end } as const] : []),
  ]
  return lines.map((line) => `${JSON.stringify(line)}\n`)
}

/** One file, which nobody else can work beside from its tenth second to its twentieth. */
export function keptLab(): KeptRun {
  const seconds = Array.from({ length: 30 }, (_, i) => labSecond(i + 1, i > 10 && i < 20 ? (i - 10) * 1_000 : 0))
  return {
    version: 1,
    at: '2026-01-05T08:00:00.000Z',
    ...about,
    machine: 'a computer',
    server: '18.4',
    run: {
      way: 'naive',
      title: 'one file',
      before: { operations: 600, p50: 1, p99: 5, worst: 20 },
      during: { operations: 5_000, p50: 2, p99: 9_000, worst: 9_000 },
      standstill: 9,
      failed: { old: { count: 31, said: [] }, new: { count: 0, said: [] } },
      change: 10,
      steps: [{ step: 'deploy require_handle', seconds: 10, isChange: true }],
      seconds,
      locks: [{ table: 'recruits', mode: 'AccessExclusiveLock', held: 9_000 }],
      waits: { longest: 9_000, sessions: 16, logged: { count: 16, longest: 9_000 } },
      followed: { values: 500, lost: 0 },
      late: 0,
      isWhole: true,
    } as unknown as KeptRun['run'],
  }
}

function labSecond(at: number, wait = 0): Second {
  const held = wait > 0 ? 1_000 : at % 7 === 0 ? 40 : 0
  return {
    at,
    step: 'deploy require_handle',
    operations: wait > 0 ? 0 : 200,
    p50: 1 + (at % 5) / 10,
    p99: 6 + (at % 9),
    worst: Math.max(wait, 12 + (at % 11) * 6),
    waiting: wait > 0 ? at * 20 : at % 3,
    failed: { old: at > 28 ? 4 : 0, new: 0 },
    ...(held > 0 && { lock: 'AccessExclusiveLock recruits' }),
    locks: { held, waited: held > 40 ? 16 : 0 },
  }
}
