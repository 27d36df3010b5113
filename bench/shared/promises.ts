/** What the project promises of its speed: each figure once, whichever script measures it. */
export interface Promised {
  /** Which script of `bench/` measures it. */
  script: string
  what: string
  unit: 'times' | 's' | 'ms' | 'operations' | 'values'
  most?: number
  least?: number
  /** Seconds of one computer are no promise for another: such a figure is shown, and fails nothing. */
  isOfTheMachine?: true
}

export const promises = {
  'lab.expand.p99': { script: 'lab', what: 'expand and contract: 99 of 100 answers within', unit: 'ms', most: 25 },
  'lab.expand.worst': { script: 'lab', what: 'expand and contract: the slowest answer', unit: 'ms', most: 250 },
  'lab.expand.failed': {
    script: 'lab',
    what: 'expand and contract: operations that failed',
    unit: 'operations',
    most: 0,
  },
  'lab.expand.lock': { script: 'lab', what: 'expand and contract: longest strong lock', unit: 'ms', most: 100 },
  'lab.expand.change': { script: 'lab', what: 'expand and contract beside the one file', unit: 'times', most: 2.5 },
  'lab.rename.failed': {
    script: 'lab',
    what: 'rename by two columns: operations that failed',
    unit: 'operations',
    most: 0,
  },
  'lab.rename.lost': { script: 'lab', what: 'rename by two columns: values lost', unit: 'values', most: 0 },
  'lab.queue.stall': { script: 'lab', what: 'lock_timeout of 200 ms: the slowest answer', unit: 'ms', most: 250 },
  'lab.index.failed': {
    script: 'lab',
    what: 'an index CONCURRENTLY: operations that failed',
    unit: 'operations',
    most: 0,
  },
  'lab.index.worst': { script: 'lab', what: 'an index CONCURRENTLY: the slowest answer', unit: 'ms', most: 250 },
  'lab.type.failed': {
    script: 'lab',
    what: 'larger numbers by a new column: operations that failed',
    unit: 'operations',
    most: 0,
  },
  'lab.type.lost': { script: 'lab', what: 'larger numbers by a new column: values lost', unit: 'values', most: 0 },
  'lab.type.worst': {
    script: 'lab',
    what: 'larger numbers by a new column: the slowest answer',
    unit: 'ms',
    most: 250,
  },
  'lab.fill': {
    script: 'lab',
    what: 'a million recruits and five million rows around them',
    unit: 's',
    most: 120,
    isOfTheMachine: true,
  },
  'portal.drift': { script: 'portal', what: 'drift over 26 tables beside one table', unit: 'times', most: 1.5 },
  'portal.ledger': {
    script: 'portal',
    what: 'an entry of the ledger beside md5(string_agg(…))',
    unit: 'times',
    most: 3,
  },
  'backfill.beside': { script: 'backfill', what: 'a backfill beside one UPDATE of all rows', unit: 'times', most: 2 },
  'backfill.batch': {
    script: 'backfill',
    what: 'a backfill: its longest batch',
    unit: 'ms',
    most: 250,
    isOfTheMachine: true,
  },
  'backfill.wait': {
    script: 'backfill',
    what: 'a backfill: the longest wait of whoever writes meanwhile',
    unit: 'ms',
    most: 250,
    isOfTheMachine: true,
  },
  'commands.start': {
    script: 'commands',
    what: 'start of a command over node -e 0',
    unit: 's',
    most: 0.15,
    isOfTheMachine: true,
  },
  'commands.check': {
    script: 'commands',
    what: 'check, at the end of the exercise',
    unit: 's',
    most: 0.8,
    isOfTheMachine: true,
  },
  'commands.check-many': {
    script: 'commands',
    what: 'check, with 10,000 recruits on PROD',
    unit: 's',
    most: 1.5,
    isOfTheMachine: true,
  },
  'commands.status': { script: 'commands', what: 'migrate status beside Prisma’s own', unit: 'times', most: 0.7 },
  'commands.drift': { script: 'commands', what: 'drift beside one migrate diff', unit: 'times', most: 0.3 },
  'commands.hook': { script: 'commands', what: 'a commit hook', unit: 's', most: 0.2, isOfTheMachine: true },
  'start.clone': { script: 'start', what: 'git clone to both databases up', unit: 's', most: 60, isOfTheMachine: true },
  'start.again': { script: 'start', what: 'npm start, all in place', unit: 's', most: 4, isOfTheMachine: true },
  'start.reset': { script: 'start', what: 'db reset on DEV', unit: 's', most: 3, isOfTheMachine: true },
  'board.change': {
    script: 'board',
    what: 'from a change to the changed picture',
    unit: 'ms',
    most: 1_000,
    isOfTheMachine: true,
  },
  'board.refresh': { script: 'board', what: 'one refresh of the picture', unit: 'ms', most: 150, isOfTheMachine: true },
  'goto.faster': { script: 'goto', what: 'goto beside the same by hand, as fast', unit: 'times', least: 4 },
  'goto.portal': { script: 'goto', what: 'goto to 26 tables with 60,000 rows beside one', unit: 'times', most: 2 },
  'seeding.copy': { script: 'seeding', what: 'a seed beside one COPY', unit: 'times', most: 2 },
  'statements.driver': {
    script: 'statements',
    what: '50,000 statements beside the driver alone',
    unit: 'times',
    most: 2,
  },
} as const satisfies Record<string, Promised>

export type PromiseName = keyof typeof promises

/** Whether a figure is within what is promised. */
export function isKept({ most, least }: Promised, value: number): boolean {
  return value <= (most ?? Number.POSITIVE_INFINITY) && value >= (least ?? Number.NEGATIVE_INFINITY)
}

/** How far a figure goes to its border: at most 1 keeps the promise. */
export function shareOf({ most, least }: Promised, value: number): number {
  if (least !== undefined) return least / Math.max(value, 1e-9)
  return most === 0 ? (value === 0 ? 0 : 2) : value / most!
}
