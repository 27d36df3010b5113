import { application, type Application, type Version } from './applications.ts'

/** One step of a change, in the order in which a team takes them. */
export type Step =
  /** `prisma migrate deploy` with these folders of `changes/WAY/`. */
  | { does: 'deploy'; migrations: readonly string[]; lockTimeout?: string; mayFail?: boolean }
  /** `prisma migrate resolve --rolled-back` with one that failed. */
  | { does: 'resolve'; migration: string }
  /** What somebody types by hand. */
  | { does: 'sql'; title: string; sql: string }
  /** Fills a column where it is NULL, in small batches. */
  | { does: 'backfill'; column: string; value: string }
  /** From now on these versions of the application run. */
  | { does: 'serve'; versions: readonly Version[] }
  /** Somebody's report reads the table in one long transaction, which ends so many seconds after others had to wait. */
  | { does: 'report'; seconds: number }

export interface Way {
  name: WayName
  title: string
  /** The folder in `changes/` with its migrations, where that has another name. */
  folder?: string
  steps: readonly Step[]
}

export type WayName = keyof typeof ways

export interface Experiment {
  /** What the change is for. */
  title: string
  /** The way that hurts, then the one that nobody feels. */
  ways: readonly [WayName, WayName]
  applications: Record<Version, Application>
  /** The column whose values are followed, at the end of each way, and what stood in it at the beginning. */
  followed: { column: string; made: 'chat_name' | 'points' }
}

const rolling: readonly Step[] = [
  { does: 'serve', versions: ['old', 'new'] },
  { does: 'serve', versions: ['new'] },
]

const handle = "lower(first_name) || '.' || id"

const defined = {
  naive: {
    title: 'one file',
    steps: [{ does: 'deploy', migrations: ['20260201080000_require_handle'] }, ...rolling],
  },
  expand: {
    title: 'expand and contract',
    steps: [
      { does: 'deploy', migrations: ['20260201080000_add_handle'], lockTimeout: '100ms' },
      { does: 'backfill', column: 'handle', value: handle },
      { does: 'deploy', migrations: ['20260201090000_handle_is_unique'] },
      { does: 'deploy', migrations: ['20260201100000_handle_is_required'], lockTimeout: '100ms' },
      ...rolling,
      { does: 'deploy', migrations: ['20260201110000_old_application_is_gone'], lockTimeout: '100ms' },
    ],
  },
  'expand-duplicates': {
    title: 'with duplicates in it',
    folder: 'expand',
    steps: [
      { does: 'deploy', migrations: ['20260201080000_add_handle'], lockTimeout: '100ms' },
      { does: 'backfill', column: 'handle', value: handle },
      {
        does: 'sql',
        title: 'two recruits get the handle of a third',
        sql: 'UPDATE recruits SET handle = (SELECT handle FROM recruits WHERE id = 1) WHERE id IN (2, 3)',
      },
      { does: 'deploy', migrations: ['20260201090000_handle_is_unique'], mayFail: true },
      {
        does: 'sql',
        title: 'UPDATE: each its own handle again',
        sql: `UPDATE recruits SET handle = ${handle} WHERE id IN (2, 3)`,
      },
      { does: 'sql', title: 'DROP INDEX: what is left of it', sql: 'DROP INDEX CONCURRENTLY recruits_handle_key' },
      { does: 'resolve', migration: '20260201090000_handle_is_unique' },
      { does: 'deploy', migrations: ['20260201090000_handle_is_unique'] },
      { does: 'deploy', migrations: ['20260201100000_handle_is_required'], lockTimeout: '100ms' },
      ...rolling,
    ],
  },
  'expand-nulls': {
    title: 'with empty rows in it',
    folder: 'expand',
    steps: [
      { does: 'deploy', migrations: ['20260201080000_add_handle'], lockTimeout: '100ms' },
      { does: 'backfill', column: 'handle', value: handle },
      {
        does: 'sql',
        title: 'two recruits lose their handle',
        sql: `SET session_replication_role = 'replica'; UPDATE recruits SET handle = NULL WHERE id IN (2, 3)`,
      },
      { does: 'deploy', migrations: ['20260201090000_handle_is_unique'] },
      { does: 'deploy', migrations: ['20260201100000_handle_is_required'], lockTimeout: '100ms', mayFail: true },
      { does: 'backfill', column: 'handle', value: handle },
      {
        does: 'sql',
        title: 'DROP CONSTRAINT: what is left of it',
        sql: 'ALTER TABLE recruits DROP CONSTRAINT recruits_handle_is_there',
      },
      { does: 'resolve', migration: '20260201100000_handle_is_required' },
      { does: 'deploy', migrations: ['20260201100000_handle_is_required'], lockTimeout: '100ms' },
      ...rolling,
    ],
  },
  'rename-plain': {
    title: 'RENAME COLUMN',
    steps: [{ does: 'deploy', migrations: ['20260202080000_rename'] }, ...rolling],
  },
  'rename-twice': {
    title: 'two columns for a while',
    steps: [
      { does: 'deploy', migrations: ['20260202080000_add_rocketchat_user'], lockTimeout: '100ms' },
      { does: 'backfill', column: 'rocketchat_user', value: 'chat_name' },
      {
        does: 'deploy',
        migrations: ['20260202090000_index_rocketchat_user', '20260202091000_index_rocketchat_user_lower'],
      },
      { does: 'deploy', migrations: ['20260202100000_require_rocketchat_user'], lockTimeout: '100ms' },
      ...rolling,
      { does: 'deploy', migrations: ['20260202110000_drop_chat_name'], lockTimeout: '100ms' },
    ],
  },
  'queue-endless': {
    title: 'waits as long as it takes',
    steps: [
      { does: 'report', seconds: 4 },
      { does: 'deploy', migrations: ['20260203080000_add_nickname'] },
      ...rolling,
    ],
  },
  'queue-timeout': {
    title: 'lock_timeout and again',
    steps: [
      { does: 'report', seconds: 4 },
      { does: 'deploy', migrations: ['20260203080000_add_nickname'], lockTimeout: '200ms' },
      ...rolling,
    ],
  },
  'index-plain': {
    title: 'CREATE INDEX',
    steps: [{ does: 'deploy', migrations: ['20260204080000_index_surname'] }, ...rolling],
  },
  'index-concurrently': {
    title: 'CONCURRENTLY',
    steps: [{ does: 'deploy', migrations: ['20260204080000_index_surname'] }, ...rolling],
  },
  'type-rewrite': {
    title: 'ALTER … TYPE bigint',
    steps: [{ does: 'deploy', migrations: ['20260205080000_points_bigint'] }, ...rolling],
  },
  'type-column': {
    title: 'a new column',
    steps: [
      { does: 'deploy', migrations: ['20260205080000_add_points_big'], lockTimeout: '100ms' },
      { does: 'backfill', column: 'points_big', value: 'points' },
      { does: 'deploy', migrations: ['20260205090000_points_big_is_whole'], lockTimeout: '100ms' },
      { does: 'deploy', migrations: ['20260205100000_swap_points'], lockTimeout: '100ms' },
      ...rolling,
      { does: 'deploy', migrations: ['20260205110000_drop_points_int'], lockTimeout: '100ms' },
    ],
  },
} satisfies Record<string, Omit<Way, 'name'>>

export const ways = defined as Record<keyof typeof defined, Omit<Way, 'name'>>

const chat = application({ shows: 'r.chat_name', sets: 'chat_name = :text' })

export const experiments = {
  column: {
    title: 'a required, unique column in a table that has rows',
    ways: ['naive', 'expand'],
    applications: {
      old: chat,
      new: application({
        shows: 'r.chat_name, r.handle',
        sets: 'chat_name = :text',
        more: ['chat_name, handle', ':text, :text'],
      }),
    },
    followed: { column: 'chat_name', made: 'chat_name' },
  },
  rename: {
    title: 'another name for a column that an application reads',
    ways: ['rename-plain', 'rename-twice'],
    applications: {
      old: chat,
      new: application({
        shows: 'r.rocketchat_user',
        sets: 'rocketchat_user = :text',
        more: ['rocketchat_user', ':text'],
      }),
    },
    followed: { column: 'rocketchat_user', made: 'chat_name' },
  },
  queue: {
    title: 'a quick change that waits behind a long report',
    ways: ['queue-endless', 'queue-timeout'],
    applications: { old: chat, new: application({ shows: 'r.chat_name, r.nickname', sets: 'chat_name = :text' }) },
    followed: { column: 'chat_name', made: 'chat_name' },
  },
  index: {
    title: 'an index on a table that is written to',
    ways: ['index-plain', 'index-concurrently'],
    applications: { old: chat, new: chat },
    followed: { column: 'chat_name', made: 'chat_name' },
  },
  type: {
    title: 'larger numbers in a column',
    ways: ['type-rewrite', 'type-column'],
    applications: {
      old: application({
        shows: 'r.points',
        sets: 'points = :number',
        more: ['chat_name, points', ':text, :number::int'],
      }),
      new: application({
        shows: 'r.points',
        sets: 'points = :number::bigint + 3000000000',
        more: ['chat_name, points', ':text, :number::bigint + 3000000000'],
      }),
    },
    followed: { column: 'points', made: 'points' },
  },
} as const satisfies Record<string, Experiment>

export type ExperimentName = keyof typeof experiments

/** The words that a learner types, and what each of them runs. Two of them are the two ways of one experiment. */
export const labWords = {
  naive: { experiment: 'column', ways: ['naive'] },
  expand: { experiment: 'column', ways: ['expand'] },
  rename: { experiment: 'rename', ways: experiments.rename.ways },
  queue: { experiment: 'queue', ways: experiments.queue.ways },
  index: { experiment: 'index', ways: experiments.index.ways },
  type: { experiment: 'type', ways: experiments.type.ways },
} as const satisfies Record<string, { experiment: ExperimentName; ways: readonly WayName[] }>

/** What may be wrong with the rows of `expand`, and the way that meets it. */
export const troubles = { duplicates: 'expand-duplicates', nulls: 'expand-nulls' } as const satisfies Record<
  string,
  WayName
>
