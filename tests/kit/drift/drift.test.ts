import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { asReport, driftBed, words, type DriftBed, type Report } from './drift-bed.ts'
import { laid } from '../../support/laid-steps.ts'
import { through } from '../../support/slow-line.ts'
import type { Ran } from '../../support/program.ts'

// Both databases stand at step 10 with their recruits, and each test begins with the files of step 10.

let bed: DriftBed
let other: DriftBed
let slow: Promise<Report>
beforeAll(async () => {
  bed = await driftBed()
  other = await driftBed()
  slow = readSlowly()
  // Its own test says what became of it.
  slow.catch(() => {})
})
beforeEach(() => bed.reset())
afterAll(async () => {
  await slow?.catch(() => {})
  await bed?.remove()
  await other?.remove()
})

const screen = async () => (await bed.door('drift')).output

/** In another copy, whose PROD answers slowly. */
async function readSlowly(): Promise<Report> {
  let ran: Ran
  await through(other, 'prod', 2_000, async () => {
    ran = await other.run('drift', '--json', '--exit-code', '--env', 'prod')
  })
  return asReport(ran!)
}

describe('the report', () => {
  test('says of five layers that they are in sync, and ends with 0', async () => {
    const { state, links, columns } = await bed.report()
    expect(state).toBe('same')
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

  test('is JSON with --json, and ends with 0, 1 or 2 with --exit-code', async () => {
    expect(asReport(await bed.run('drift', '--json', '--exit-code'))).toMatchObject({ code: 0, state: 'same' })
    bed.migration('20990101000000_next', 'SELECT 1;\n')
    expect(await bed.door('drift')).toMatchObject({ code: 0 })
    expect(await bed.report()).toMatchObject({ code: 2, state: 'differs' })
    bed.write('prisma/schema.prisma', 'oops')
    expect(await bed.door('drift')).toMatchObject({ code: 1 })
    expect(await bed.report()).toMatchObject({ code: 1, state: 'error' })
  })

  test('shows drift in one picture, the SQL that closes it, and Prisma’s own command, which sees the same', async () => {
    await bed.byHand(
      'dev',
      'ALTER TABLE recruits ADD COLUMN chort TEXT',
      'ALTER TABLE recruits DROP COLUMN chort',
      async () => {
        const { state, link, columns } = await bed.report()
        expect(state).toBe('differs')
        expect(columns.find(({ column }) => column === 'chort')!.cells.join('')).toBe('  +  ')
        expect(words(link('dev'))).toEqual(['column recruits.chort is extra: text, may be NULL'])
        expect(link('dev').sql).toEqual(['ALTER TABLE "recruits" DROP COLUMN "chort";'])
        expect((await bed.run('migrate', 'status')).output).toContain('up to date')
        const [, , ...argv] = link('dev').prisma!.split(' ')
        const prisma = await bed.npm('exec', '--', 'prisma', ...argv)
        expect(prisma.output).toContain('[+] Added column `chort`')
        expect(link('dev').next[0]).toMatch(/^npm run db reset/)
        expect(await screen()).toContain('≠ DEV → PROD            differ in recruits.chort')
      },
    )
  })

  test('offers a rename with its evidence, the values of the other database included, and never a drop', async () => {
    const [there, back] = ['chatname TO rocketchat_user', 'rocketchat_user TO chatname']
    await bed.byHand(
      'dev',
      `ALTER TABLE recruits RENAME COLUMN ${there}`,
      `ALTER TABLE recruits RENAME COLUMN ${back}`,
      async () => {
        const { link } = await bed.report()
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
    await bed.byHand(
      'prod',
      'ALTER TABLE recruits ADD COLUMN chort TEXT',
      'ALTER TABLE recruits DROP COLUMN chort',
      async () => {
        const { link } = await bed.report()
        expect(link('prod').sql).toEqual([
          '-- not on PROD, where nothing is deleted: ALTER TABLE "recruits" DROP COLUMN "chort";',
        ])
        expect(link('prod').next[0]).toMatch(
          /^npm run psql -- --env prod -c "BEGIN; .*CREATE TABLE archive.recruits_chort AS SELECT id, chort FROM recruits;.*DROP COLUMN chort; COMMIT" {4}\(as its migrations say; what was extra is kept in the archive\)$/,
        )
        expect(link('prod').next).toHaveLength(1)
        expect(link('prod').prisma).toMatch(/^npm run migrate -- diff .* --env prod$/)
      },
    )
  })

  test('closes drift of PROD in one transaction, and says archive only where something goes there', async () => {
    await bed.byHand(
      'prod',
      'ALTER TABLE recruits RENAME COLUMN chatname TO chat_name; ALTER TABLE recruits ALTER COLUMN chat_name DROP NOT NULL',
      'ALTER TABLE recruits RENAME COLUMN chat_name TO chatname; ALTER TABLE recruits ALTER COLUMN chatname SET NOT NULL',
      async () => {
        expect((await bed.report()).link('prod').next).toEqual([
          'npm run psql -- --env prod -c "BEGIN; ALTER TABLE recruits ALTER COLUMN chat_name SET NOT NULL; ' +
            'ALTER TABLE recruits RENAME COLUMN chat_name TO chatname; COMMIT"    (as its migrations say)',
        ])
      },
    )
    await bed.byHand(
      'prod',
      "ALTER TABLE recruits ALTER COLUMN chatname DROP NOT NULL; UPDATE recruits SET chatname = NULL WHERE chatname = 'chat5'",
      "UPDATE recruits SET chatname = 'chat5' WHERE chatname IS NULL; ALTER TABLE recruits ALTER COLUMN chatname SET NOT NULL",
      async () => {
        expect((await bed.report()).link('prod').next).toEqual([
          expect.stringMatching(/^On PROD, 1 row has no recruits.chatname, which becomes required: write /),
        ])
      },
    )
  })

  test('tells a model that is ahead from drift, and a client that is old', async () => {
    bed.write('prisma/schema.prisma', laid(12)['prisma/schema.prisma']!)
    const { link, columns } = await bed.report()
    expect(link('migrations').renames).toMatchObject([{ from: 'rocketchat_user', to: 'chatname' }])
    expect(link('migrations').next[0]).toMatch(/--create-only .* write RENAME COLUMN instead/)
    expect(link('dev').isInSync).toBe(true)
    expect(link('client').isInSync).toBe(false)
    expect(link('client').next).toEqual(['npx prisma generate'])
    expect(await screen()).toContain('recruits.chatname looks renamed to rocketchat_user')
    expect(await screen()).not.toContain('recruits.rocketchat_user looks renamed')
    expect(columns.find(({ column }) => column === 'rocketchat_user')!.cells.join('')).toBe('·−−−−')
    expect(columns.find(({ column }) => column === 'chatname')!.cells.join('')).toBe(' ++++')
  })

  test('looks at one database with --env, and takes no flag for npm’s', async () => {
    const { links } = await bed.report('--env', 'prod')
    expect(links.map(({ to }) => to)).toEqual(['migrations', 'prod', 'client'])
    expect(await bed.door('drift', '--env', 'nowhere')).toMatchObject({ code: 1 })
    expect((await bed.npm('run', 'drift', '--exit-code')).output).toContain('npm run drift -- --exit-code')
  })
})

// It waits most of the time, so it does that while the other tests are at work, in another copy.
test('a server whose answers take two seconds is waited for', async () => {
  const { code, state, layers } = await slow
  expect({ code, state, problems: layers.map(({ problem }) => problem) }).toEqual({
    code: 0,
    state: 'same',
    problems: [null, null, null, null],
  })
})

describe('rows that stand in the way of what is pending', () => {
  const obstacles = async (sql: string) => {
    bed.migration('20990101000000_next', sql)
    return (await bed.report()).link('prod').obstacles.map((one) => one.words)
  }
  test('a required column without a value for those who are there', async () => {
    expect(await obstacles('ALTER TABLE "recruits" ADD COLUMN "shoe" TEXT NOT NULL;')).toEqual([
      '5 rows would have no value in the new, required column recruits.shoe',
    ])
    expect(await obstacles('ALTER TABLE "recruits" ADD COLUMN "shoe" TEXT NOT NULL DEFAULT 42;')).toEqual([])
  })

  test('NULLs in a column that becomes required, and equal values in one that becomes unique', async () => {
    await bed.byHand(
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
    bed.write(
      'prisma/schema.prisma',
      laid(10)['prisma/schema.prisma']!.replace('  cohort ', '  shoe String\n  cohort '),
    )
    expect((await bed.report()).link('prod').obstacles.map((one) => one.words)).toEqual([
      '5 rows would have no value in the new, required column recruits.shoe',
    ])
  })
})

test('a check, a view and an index that a migration makes are no drift, though no model can say them', async () => {
  bed.migration(
    '20260101000000_by_sql',
    `ALTER TABLE recruits ADD CONSTRAINT named CHECK (surname <> '');
     CREATE VIEW c25 AS SELECT id FROM recruits; CREATE INDEX lower_names ON recruits (lower(surname));`,
  )
  const { link } = await bed.report('--env', 'dev')
  expect(words(link('migrations'))).toEqual([])
  // By hand on DEV they would be.
  await bed.sql('dev', "ALTER TABLE recruits ADD CONSTRAINT by_hand CHECK (surname <> '')")
  try {
    expect(words((await bed.report('--env', 'dev')).link('dev')).join()).toContain('check by_hand on recruits is extra')
  } finally {
    await bed.sql('dev', 'ALTER TABLE recruits DROP CONSTRAINT by_hand')
  }
})
