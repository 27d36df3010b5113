import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import type { DriftReport, Layer, LayerName, Link } from '../workshop/plain/drift-report.ts'
import { renderTable, type TableRow } from '../workshop/plain/drift-table.ts'
import { migrationsOf, laid } from './support/laid-steps.ts'
import { scratchWorkshop, type Workshop } from './support/workshop.ts'

// Both databases stand at step 10 with their recruits, and each test begins with the files of step 10.

let workshop: Workshop
let envFiles: string[]
beforeAll(async () => {
  workshop = scratchWorkshop()
  workshop.layStep(10)
  expect(await workshop.run('start')).toMatchObject({ code: 0 })
  for (const env of ['dev', 'prod']) {
    expect(await workshop.run('migrate', 'deploy', '--env', env)).toMatchObject({ code: 0 })
    expect(await workshop.run('seed', 'c25', '--env', env)).toMatchObject({ code: 0 })
  }
  envFiles = ['.env.dev.local', '.env.prod.local'].map((name) => readFileSync(workshop.file(name), 'utf8'))
  client = readFileSync(workshop.file('prisma/generated/internal/class.ts'), 'utf8')
})
afterAll(() => workshop.remove())
let client: string
beforeEach(() => {
  lay(10)
  workshop.write('.env.dev.local', envFiles[0]!)
  workshop.write('.env.prod.local', envFiles[1]!)
})

/** The files of a step, with the client of step 10. */
function lay(step: number): void {
  workshop.layStep(step)
  workshop.write('prisma/generated/internal/class.ts', client)
}

interface Json extends Pick<DriftReport, 'links' | 'state'> {
  layers: { name: LayerName; problem: { message: string; why: string } | null }[]
  columns: TableRow[]
}
async function report(
  ...flags: string[]
): Promise<Json & { code: number; link(to: LayerName, from?: LayerName): Link }> {
  const { code, output } = await workshop.run('drift', '--json', '--exit-code', ...flags)
  const json = JSON.parse(output) as Json
  return {
    ...json,
    code,
    link: (to, from) => json.links.find((link) => link.to === to && (!from || link.from === from))!,
  }
}
const screen = async () => (await workshop.run('drift')).output
const words = ({ history, differences, obstacles }: Link) =>
  [...history, ...differences, ...obstacles].map((one) => one.words)
const migration = (name: string, sql: string) => workshop.write(`prisma/migrations/${name}/migration.sql`, sql)
const folder = (name: string) => workshop.file(`prisma/migrations/${name}`)
const names = migrationsOf(laid(10))

/** Types SQL by hand, and takes it back at the end. */
async function byHand(env: 'dev' | 'prod', sql: string, back: string, work: () => Promise<void>): Promise<void> {
  await workshop.sql(env, sql)
  await work().finally(() => workshop.sql(env, back))
}

describe('the report', () => {
  test('says of five layers that they are in sync, and ends with 0', async () => {
    const { code, state, links, columns } = await report()
    expect({ code, state }).toEqual({ code: 0, state: 'same' })
    expect(links.map(({ from, to, isInSync }) => `${from} ${to} ${isInSync}`)).toEqual([
      'schema migrations true',
      'migrations dev true',
      'migrations prod true',
      'dev prod true',
      'schema client true',
    ])
    expect(columns).toHaveLength(8)
    expect(columns.every(({ cells }) => cells.join('') === '·····')).toBe(true)
    expect(await screen()).toContain('next  npm run check')
  })

  test('shows drift in one picture, the SQL that closes it, and Prisma’s own command, which sees the same', async () => {
    await byHand(
      'dev',
      'ALTER TABLE recruits ADD COLUMN chort TEXT',
      'ALTER TABLE recruits DROP COLUMN chort',
      async () => {
        const { code, state, link, columns } = await report()
        expect({ code, state }).toEqual({ code: 2, state: 'differs' })
        expect(columns.find(({ column }) => column === 'chort')!.cells.join('')).toBe('  +  ')
        expect(words(link('dev'))).toEqual(['column recruits.chort is extra: text, may be NULL'])
        expect(link('dev').sql).toEqual(['ALTER TABLE "recruits" DROP COLUMN "chort";'])
        expect((await workshop.run('migrate', 'status')).output).toContain('up to date')
        const [, , ...argv] = link('dev').prisma!.split(' ')
        const prisma = await workshop.npm('exec', '--', 'prisma', ...argv)
        expect(prisma.output).toContain('[+] Added column `chort`')
        expect(link('dev').next[0]).toMatch(/^npm run db reset/)
        expect(await screen()).toContain('≠ DEV → PROD            differ in recruits.chort')
      },
    )
  })

  test('offers a rename with its evidence, the values of the other database included, and never a drop', async () => {
    const [there, back] = ['chatname TO rocketchat_user', 'rocketchat_user TO chatname']
    await byHand(
      'dev',
      `ALTER TABLE recruits RENAME COLUMN ${there}`,
      `ALTER TABLE recruits RENAME COLUMN ${back}`,
      async () => {
        const { link } = await report()
        expect(link('dev').differences).toEqual([])
        expect(link('dev').renames).toMatchObject([{ from: 'chatname', to: 'rocketchat_user' }])
        expect(link('dev').renames[0]!.evidence).toContain('5 of 5 rows hold the same value as chatname on PROD')
        expect(link('dev').sql).toEqual(['ALTER TABLE "recruits" RENAME COLUMN "rocketchat_user" TO "chatname";'])
        expect(await screen()).toContain(
          'recruits.chatname looks renamed to rocketchat_user, or it is a drop and an add',
        )
      },
    )
  })

  test('drops nothing on PROD: what it has more belongs into a migration', async () => {
    await byHand(
      'prod',
      'ALTER TABLE recruits ADD COLUMN chort TEXT',
      'ALTER TABLE recruits DROP COLUMN chort',
      async () => {
        const { link } = await report()
        expect(link('prod').sql).toEqual([
          '-- not on PROD, where nothing is deleted: ALTER TABLE "recruits" DROP COLUMN "chort";',
        ])
        expect(link('prod').next[0]).toMatch(/^npm run migrate -- resolve --applied NAME --env prod/)
        expect(link('prod').prisma).toMatch(/^npm run migrate -- diff .* --env prod$/)
      },
    )
  })

  test('tells a model that is ahead from drift, and a client that is old', async () => {
    workshop.write('prisma/schema.prisma', laid(12)['prisma/schema.prisma']!)
    const { link, columns } = await report()
    expect(link('migrations').renames).toMatchObject([{ from: 'rocketchat_user', to: 'chatname' }])
    expect(link('migrations').next[0]).toMatch(/--create-only .* write RENAME COLUMN instead/)
    expect(link('dev').isInSync).toBe(true)
    expect(link('client').isInSync).toBe(false)
    expect(link('client').next).toEqual(['npx prisma generate'])
    expect(columns.find(({ column }) => column === 'rocketchat_user')!.cells.join('')).toBe('·−−−−')
    expect(columns.find(({ column }) => column === 'chatname')!.cells.join('')).toBe(' ++++')
  })

  test('looks at one database with --env, and takes no flag for npm’s', async () => {
    const { links } = await report('--env', 'prod')
    expect(links.map(({ to }) => to)).toEqual(['migrations', 'prod', 'client'])
    expect(await workshop.npm('run', 'drift', '--', '--env', 'nowhere')).toMatchObject({ code: 1 })
    expect((await workshop.npm('run', 'drift', '--exit-code')).output).toContain('npm run drift -- --exit-code')
  })
})

describe('the history of a database', () => {
  test('a pending migration is no drift, and its deploy is what to type', async () => {
    lay(12)
    const { code, link } = await report()
    expect(code).toBe(2)
    expect(words(link('dev'))).toEqual(['migration 20250120090000_rename_chatname_to_rocketchat_user is pending'])
    expect(link('dev').next).toEqual(['npm run migrate -- deploy'])
    expect(link('prod').next).toEqual(['npm run migrate -- deploy --env prod'])
  })

  test('one that was edited after it was applied, and one that is not in the folder', async () => {
    appendFileSync(`${folder(names[1]!)}/migration.sql`, '-- a late idea\n')
    rmSync(folder(names.at(-1)!), { recursive: true })
    const { link } = await report()
    expect(words(link('prod'))).toEqual(
      expect.arrayContaining([
        `migration ${names[1]} was edited after it had been applied`,
        `migration ${names.at(-1)} is applied, and not in the folder`,
      ]),
    )
    expect(link('prod').next.join('\n')).toMatch(/git log --all --oneline -- prisma\/migrations\//)
  })

  test('one that comes before those that are applied', async () => {
    migration('20200101000000_late', 'SELECT 1;\n')
    expect(words((await report()).link('dev'))).toEqual([
      'migration 20200101000000_late is pending',
      `migration 20200101000000_late is older than ${names.at(-1)}, which is applied already`,
    ])
  })

  test('one that failed, and then was rolled back', async () => {
    migration('20990101000000_fails', 'ALTER TABLE recruits ADD COLUMN x TEXT NOT NULL;\n')
    expect(await workshop.prisma('prod', 'migrate', 'deploy')).toMatchObject({ code: 1 })
    const failed = (await report()).link('prod')
    expect(words(failed)[0]).toBe('migration 20990101000000_fails was started, and neither finished nor rolled back')
    expect(failed.next[0]).toBe('npm run migrate -- resolve --rolled-back 20990101000000_fails --env prod')
    expect(await workshop.npm(...failed.next[0]!.split(' ').slice(1))).toMatchObject({ code: 0 })
    rmSync(folder('20990101000000_fails'), { recursive: true })
    const { code, link } = await report()
    expect(code).toBe(0)
    expect(words(link('prod'))).toEqual(['migration 20990101000000_fails was rolled back, and not applied since'])
  })
})

describe('rows that stand in the way of what is pending', () => {
  const obstacles = async (sql: string) => {
    migration('20990101000000_next', sql)
    return (await report()).link('prod').obstacles.map((one) => one.words)
  }
  test('a required column without a value for those who are there', async () => {
    expect(await obstacles('ALTER TABLE "recruits" ADD COLUMN "shoe" TEXT NOT NULL;')).toEqual([
      '5 rows would have no value in the new, required column recruits.shoe',
    ])
    expect(await obstacles('ALTER TABLE "recruits" ADD COLUMN "shoe" TEXT NOT NULL DEFAULT 42;')).toEqual([])
  })

  test('NULLs in a column that becomes required, and equal values in one that becomes unique', async () => {
    await byHand(
      'prod',
      'ALTER TABLE recruits ALTER COLUMN cohort DROP NOT NULL; UPDATE recruits SET cohort = NULL WHERE id < 3',
      "UPDATE recruits SET cohort = 'C25 Data Eng' WHERE cohort IS NULL; ALTER TABLE recruits ALTER COLUMN cohort SET NOT NULL",
      async () => {
        expect(await obstacles('ALTER TABLE "recruits" ALTER COLUMN "cohort" SET NOT NULL;')).toEqual([
          '2 rows have no recruits.cohort, which becomes required',
        ])
        expect(await obstacles('CREATE UNIQUE INDEX "one" ON "recruits"("cohort");')).toEqual([
          '3 rows share a value of recruits.cohort, which becomes unique',
        ])
        expect(
          await obstacles(
            `UPDATE recruits SET cohort = id; ALTER TABLE "recruits" ALTER COLUMN "cohort" SET NOT NULL;`,
          ),
        ).toEqual([])
      },
    )
  })

  test('a model that asks for it, before there is a migration', async () => {
    workshop.write(
      'prisma/schema.prisma',
      laid(10)['prisma/schema.prisma']!.replace('  cohort ', '  shoe String\n  cohort '),
    )
    expect((await report()).link('prod').obstacles.map((one) => one.words)).toEqual([
      '5 rows would have no value in the new, required column recruits.shoe',
    ])
  })
})

describe('what cannot be read is said, and the rest still works', () => {
  test('a syntax error in schema.prisma, with its line', async () => {
    workshop.write(
      'prisma/schema.prisma',
      laid(10)['prisma/schema.prisma']!.replace('model Recruit {', 'model Recruit {\n  oops'),
    )
    const { code, layers, link } = await report()
    expect(code).toBe(1)
    expect(layers.find(({ name }) => name === 'schema')!.problem!.message).toMatch(
      /^prisma\/schema\.prisma cannot be read: line \d+\.$/,
    )
    expect(link('dev').isInSync).toBe(true)
    expect(await screen()).toMatch(/✗ schema → migrations +prisma\/schema\.prisma cannot be read: line \d+\./)
  })

  test('a migration without its file, and one that fails in an empty database', async () => {
    mkdirSync(folder('20990101000000_empty'))
    const missing = await report()
    expect(missing.layers.find(({ name }) => name === 'migrations')!.problem!.message).toBe(
      'The migration 20990101000000_empty cannot be read.',
    )
    rmSync(folder('20990101000000_empty'), { recursive: true })
    migration('20990101000000_broken', 'ALTER TABLE nowhere ADD COLUMN x TEXT;\n')
    const broken = await report()
    expect(broken.layers.find(({ name }) => name === 'migrations')!.problem).toMatchObject({
      message: 'The migration 20990101000000_broken fails when all are replayed from empty.',
      why: 'PostgreSQL says: relation "nowhere" does not exist.',
    })
    expect(broken.link('prod').differences).toEqual([])
    expect(words(broken.link('prod'))).toContain('migration 20990101000000_broken is pending')
  })

  test('a client that was never generated', async () => {
    renameSync(workshop.file('prisma/generated'), workshop.file('prisma/aside'))
    const { layers } = await report()
    rmSync(workshop.file('prisma/generated'), { recursive: true, force: true })
    renameSync(workshop.file('prisma/aside'), workshop.file('prisma/generated'))
    expect(layers.find(({ name }) => name === 'client')!.problem).toMatchObject({
      message: 'Prisma Client is not generated.',
    })
  })

  test('one server down, then both: what was replayed before is known without them', async () => {
    expect((await report()).code).toBe(0)
    expect(await workshop.run('db', 'down', '--env', 'prod')).toMatchObject({ code: 0 })
    const one = await report()
    expect(one.code).toBe(1)
    expect(one.layers.find(({ name }) => name === 'prod')!.problem!.message).toBe('PROD is not there.')
    expect(one.link('dev').isInSync).toBe(true)
    expect(await workshop.run('db', 'down')).toMatchObject({ code: 0 })
    const both = await report()
    expect(both.layers.filter(({ problem }) => problem).map(({ name }) => name)).toEqual(['dev', 'prod'])
    expect(both.link('migrations').isInSync).toBe(true)
    migration('20990101000000_new', 'SELECT 1;\n')
    const unknown = (await report()).layers.find(({ name }) => name === 'migrations')!
    expect(unknown.problem!.message).toBe('The migrations cannot be replayed without DEV.')
    expect((await workshop.run('drift')).output).toContain('npm run db up')
    expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  })

  /** PROD behind a line that does what `between` does with each answer. */
  async function through(between: (answer: Buffer, to: Socket) => void, work: () => Promise<void>): Promise<void> {
    const prod = new URL(workshop.url('prod'))
    const line = createServer((socket) => {
      const server = connect(Number(prod.port), '127.0.0.1')
      socket.pipe(server)
      server.on('data', (answer) => between(answer, socket))
      for (const end of [socket, server])
        end.on('error', () => {}).on('close', () => [socket, server].forEach((one) => one.destroy()))
    })
    await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
    workshop.write(
      '.env.prod.local',
      `DATABASE_URL=postgresql://prod:prod@127.0.0.1:${(line.address() as AddressInfo).port}/prod\n`,
    )
    await work().finally(() => line.close())
  }

  test('a server whose answers take two seconds is waited for', async () => {
    const slowly = (answer: Buffer, to: Socket) => void setTimeout(() => to.writable && to.write(answer), 2_000)
    await through(slowly, async () => expect(await report('--env', 'prod')).toMatchObject({ code: 0, state: 'same' }))
  })

  test('a server that goes away in the middle is named, and the other one is shown', async () => {
    let answers = 0
    const breaking = (answer: Buffer, to: Socket) => void (++answers > 9 ? to.destroy() : to.write(answer))
    await through(breaking, async () => {
      const { code, layers, link } = await report()
      expect(code).toBe(1)
      expect(layers.find(({ name }) => name === 'prod')!.problem).toMatchObject({
        message: 'The database did not answer to the end.',
      })
      expect(link('dev').isInSync).toBe(true)
    })
  })
})

describe('on the screen', () => {
  const columnsOf = (...some: string[]): Layer['catalog'] => {
    const columns = some.map((name) => ({
      name,
      type: 'text',
      nullable: true,
      default: null,
      generated: null,
      position: 1,
    }))
    return { tables: [{ name: 'recruits', columns }], objects: [] }
  }
  const layers: Layer[] = [
    { name: 'schema', catalog: columnsOf('id', 'personal_email_address')! },
    { name: 'dev', catalog: columnsOf('id', 'chort')! },
    { name: 'prod' },
  ]

  test('a row for each column, a cell for each layer; where it is narrow, a letter for each layer', () => {
    const plain = (width: number) => renderTable({ layers }, width).map((line) => stripVTControlCharacters(line))
    expect(plain(80)).toEqual([
      '                          schema  DEV  PROD',
      'recruits',
      '  id                         ·     ·     ?',
      '  personal_email_address     ·     −     ?',
      '  chort                            +     ?',
      '· same   + extra   − missing   ≠ different',
    ])
    expect(plain(30)).toContain('S schema · D DEV · P PROD')
    expect(plain(30)).toContain('  personal_email_ad…  ·  −  ?')
    expect(
      Math.max(
        ...plain(30)
          .slice(0, 5)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(30)
  })

  test('a table with 1,000 columns shows those that differ, and counts the others', async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `c${i} TEXT`).join(', ')
    migration('20990101000000_wide', `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${many});\n`)
    expect(await workshop.run('migrate', 'deploy')).toMatchObject({ code: 0 })
    expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
    workshop.write(
      'prisma/schema.prisma',
      `${laid(10)['prisma/schema.prisma']}\nmodel wide {\n  id Int @id\n${many.replaceAll(/(c\d+) TEXT,? ?/g, '  $1 String?\n')}}\n`,
    )
    // Makes the client too; Prisma makes none in a folder that holds something else.
    rmSync(workshop.file('prisma/generated'), { recursive: true })
    expect(await workshop.run('start')).toMatchObject({ code: 0 })
    await workshop.sql('dev', 'ALTER TABLE wide DROP COLUMN c500')
    const output = await screen()
    workshop.write('prisma/schema.prisma', laid(10)['prisma/schema.prisma']!)
    expect(await screen()).toContain('and 981 more that differ')
    expect(output).toMatch(/^ {2}c500 +· +· +− +· +·/m)
    expect(output).toContain('and 1000 columns that are the same everywhere')
    expect(output.split('\n').length).toBeLessThan(50)
    expect(
      Math.max(
        ...output
          .split('\n')
          .filter((line) => !/prisma migrate diff|migrate --/.test(line))
          .map((line) => line.length),
      ),
    ).toBeLessThan(100)
  })
})

test('a check, a view and an index that a migration makes are no drift, though no model can say them', async () => {
  migration(
    '20260101000000_by_sql',
    `ALTER TABLE recruits ADD CONSTRAINT named CHECK (surname <> '');
     CREATE VIEW c25 AS SELECT id FROM recruits; CREATE INDEX lower_names ON recruits (lower(surname));`,
  )
  const { link } = await report('--env', 'dev')
  expect(words(link('migrations'))).toEqual([])
  // By hand on DEV they would be.
  await workshop.sql('dev', "ALTER TABLE recruits ADD CONSTRAINT by_hand CHECK (surname <> '')")
  try {
    expect(words((await report('--env', 'dev')).link('dev')).join()).toContain('check by_hand on recruits is extra')
  } finally {
    await workshop.sql('dev', 'ALTER TABLE recruits DROP CONSTRAINT by_hand')
  }
})
