/**
 * What PROD's guard and ledger cost, side by side in one run, medians of 5: seeding 100,000 recruits with and without
 * the guard; long scripts with and without it; DDL on 1,000,000 rows with and without it, and the locks it holds; one entry of the ledger over
 * 1,000,000 rows × 8 columns against `SELECT count(*), md5(string_agg(…))` over the same table.
 *
 *     npm run bench guard [ROWS]
 */
import { existsSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { guardedDatabase } from '../tests/support/guarded.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { scratchServer } from '../tests/support/server.ts'
import { scratchWorkshop } from '../tests/support/workshop.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const rounds = 5

await seeding()
const server = await scratchServer()
try {
  await longScripts()
  await changesAndLedger()
} finally {
  await server.stop()
}

/** The same seed on DEV, which has no guard, and on PROD, in turns. */
async function seeding(): Promise<void> {
  const workshop = scratchWorkshop()
  try {
    await must(workshop.run('start'))
    const times = { dev: [] as number[], prod: [] as number[] }
    for (const env of ['dev', 'prod'] as const) await must(workshop.run('migrate', 'deploy', '--env', env))
    for (let round = 0; round <= rounds; round++) {
      for (const env of ['dev', 'prod'] as const) {
        const time = await measured(() => must(workshop.run('seed', 'c26', '--env', env, '--count', String(rows / 10))))
        // The first round warms up.
        if (round > 0) times[env].push(time)
        await empty(workshop.url(env), workshop.file('.workshop/admin-password'))
      }
    }
    const [dev, prod] = [median(times.dev), median(times.prod)]
    say(`seeding ${count(rows / 10)} recruits`, dev, prod)
  } finally {
    await workshop.remove()
  }
}

/** As superuser, for whom triggers can be off. */
async function empty(url: string, passwordFile: string): Promise<void> {
  const admin = new URL(url)
  admin.username = 'postgres'
  admin.password = readFileSync(passwordFile, 'utf8').trim()
  const client = await connect(admin.href)
  await client.query("SET session_replication_role = 'replica'")
  await client.query('TRUNCATE recruits')
  await client.end()
}

/** Many statements in one script, and one that is long: the guard's cost grows with what a script does, and no faster. */
async function longScripts(): Promise<void> {
  const columns = (type: string) => Array.from({ length: 100 }, (_, i) => `${type[0]}${i} ${type}`).join(', ')
  const first = (n: number, statement: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => statement(i)).join(';\n')
  const row = (i: number) => `('a value ${i}', 'it''s; drop', ${i})`
  const long = `INSERT INTO notes VALUES ${Array.from({ length: 240_000 }, (_, i) => row(i)).join(',')}`
  const scripts = {
    ...Object.fromEntries(
      [20, 40, 100].map((n) => [`${n} changes of a type`, first(n, (i) => `ALTER TABLE wide ALTER i${i} TYPE bigint`)]),
    ),
    '100 changes of a type with USING': first(
      100,
      (i) => `ALTER TABLE wide ALTER i${i} TYPE bigint USING i${i}::bigint`,
    ),
    '100 drops of empty columns': first(100, (i) => `ALTER TABLE wide DROP COLUMN t${i}`),
    [`an INSERT of ${(long.length / 1e6).toFixed(0)} MB and a drop`]: `${long};\nALTER TABLE wide DROP COLUMN t0`,
  }
  const guarded = await guardedDatabase(server)
  await guarded.admin.query('CREATE DATABASE plain OWNER prod')
  const plain = await connect(server.url('plain', 'prod', 'prod'))
  for (const client of [plain, guarded.prod]) {
    await client.query(
      `CREATE TABLE notes (a text, b text, c int); CREATE TABLE wide (id int PRIMARY KEY, ${columns('int')}, ${columns('text')})`,
    )
    await client.query(`INSERT INTO wide (id, i0, i99) SELECT i, i, i FROM generate_series(1, 20) AS i`)
  }
  for (const [name, sql] of Object.entries(scripts)) {
    const times: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      for (const [i, client] of [plain, guarded.prod].entries()) {
        await client.query('BEGIN')
        times[i]!.push(await measured(() => client.query(sql)))
        await client.query('ROLLBACK')
      }
    }
    say(name, median(times[0]), median(times[1]))
  }
  await plain.end()
  await guarded.end()
}

async function changesAndLedger(): Promise<void> {
  const guarded = await guardedDatabase(server)
  await guarded.admin.query('CREATE DATABASE bare OWNER prod')
  const bare = await connect(server.url('bare', 'prod', 'prod'))
  const clients = [bare, guarded.prod]
  for (const client of clients) await fill(client)

  const changes = {
    'ADD COLUMN': 'ALTER TABLE big ADD COLUMN more text',
    'RENAME COLUMN': 'ALTER TABLE big RENAME COLUMN a TO a1',
    'DROP COLUMN of archived values': 'ALTER TABLE big DROP COLUMN e',
    'text to varchar(100)': 'ALTER TABLE big ALTER COLUMN b TYPE varchar(100)',
    'integer to bigint': 'ALTER TABLE big ALTER COLUMN n TYPE bigint',
    'integer to text, by USING': "ALTER TABLE big ALTER COLUMN n TYPE text USING n || ''",
    'archive and drop':
      'CREATE TABLE archive.d AS SELECT id, d FROM big; ALTER TABLE archive.d ADD PRIMARY KEY (id); ALTER TABLE big DROP COLUMN d',
    'CREATE UNIQUE INDEX': 'CREATE UNIQUE INDEX ON big (c)',
    'VALIDATE CONSTRAINT': 'ALTER TABLE big VALIDATE CONSTRAINT has_d',
  }
  for (const [name, sql] of Object.entries(changes)) {
    const times: [number[], number[]] = [[], []]
    const locks: [string, string] = ['', '']
    for (let round = 0; round < rounds; round++) {
      for (const [i, client] of clients.entries()) {
        await client.query('BEGIN')
        times[i]!.push(await measured(() => client.query(sql)))
        locks[i] = await strongestLock(client)
        await client.query('ROLLBACK')
      }
    }
    const [without, withGuard] = [median(times[0]), median(times[1])]
    const sameLock = locks[0] === locks[1] ? locks[0] : `${locks[0]} without, ${locks[1]} with it`
    console.log(
      `${name} on ${count(rows)} rows: ${without.toFixed(3)} s without the guard, ${withGuard.toFixed(3)} s with it, ` +
        `${(withGuard - without).toFixed(3)} s more, a ratio of ${(withGuard / without).toFixed(2)}; lock: ${sameLock}`,
    )
  }

  const times = { ledger: [] as number[], md5: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.md5.push(
      await measured(() => guarded.prod.query("SELECT count(*), md5(string_agg(big::text, ',')) FROM big")),
    )
    times.ledger.push(await measured(() => guarded.prod.query("SELECT workshop.write_ledger('deploy', '{}', NULL)")))
  }
  say(
    `an entry of the ledger (with its archive) against md5(string_agg(…)), ${count(rows)} rows`,
    median(times.md5),
    median(times.ledger),
  )
  console.log(`memory of the server's process meanwhile, at most: ${await peakMemory(guarded.prod)}`)
  await bare.end()
  await guarded.end()
}

async function fill(client: pg.Client): Promise<void> {
  await client.query(
    `CREATE TABLE big AS SELECT i AS id, 'first' || i AS a, 'sur' || i AS b, 'chat' || i AS c, 'git' || i AS d, 'id' || i AS e,
       'mail' || i || '@example.com' AS f, 'C25 Data Eng'::text AS g, i AS n FROM generate_series(1, ${rows}) AS i`,
  )
  await client.query('ALTER TABLE big ADD PRIMARY KEY (id), ADD CONSTRAINT has_d CHECK (d IS NOT NULL) NOT VALID')
  await client.query('CREATE SCHEMA archive; CREATE TABLE archive.big AS SELECT id, e FROM big')
  await client.query('ALTER TABLE archive.big ADD PRIMARY KEY (id)')
  await client.query('VACUUM ANALYZE big')
}

async function strongestLock(client: pg.Client): Promise<string> {
  const { rows: held } = await client.query<{ mode: string }>(
    `SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'big'::regclass
     ORDER BY array_position(ARRAY['AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock'], mode) LIMIT 1`,
  )
  return held[0]?.mode ?? 'none'
}

/** The most memory of its own that the server's process has while it writes an entry, on Linux, in megabytes. */
async function peakMemory(client: pg.Client): Promise<string> {
  const { rows: found } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const status = `/proc/${found[0]!.pid}/status`
  if (!existsSync(status)) return 'not known on this system'
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, Number(/RssAnon:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0))
  }, 5)
  await client.query("SELECT workshop.write_ledger('deploy', '{}', NULL)")
  clearInterval(timer)
  return `${(peak / 1024).toFixed(1)} MB`
}

function say(what: string, without: number, withIt: number): void {
  console.log(
    `${what}: ${without.toFixed(2)} s and ${withIt.toFixed(2)} s, a ratio of ${(withIt / without).toFixed(2)}`,
  )
}

function count(n: number): string {
  return n.toLocaleString('en-US')
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}
