import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  addsColumn,
  applied,
  cutOff,
  endSessions,
  name,
  reader,
  rolledBack,
  state,
  up,
  wordsOf,
  writesRows,
} from './cut-off-bed.ts'
import { beginAnew, deployWords, removeDeployBed, startDeployBed, workshop } from './deploy-bed.ts'
import { signalTest } from '../../support/conditions.ts'
import { bringProdBack, keepProd } from '../../support/seeded-workshop.ts'
import { until } from '../../support/until.ts'

// A deploy to PROD was cut off: Prisma has noted that a migration was started, and nothing else.

beforeAll(startDeployBed)
beforeEach(beginAnew)
afterAll(removeDeployBed)

describe('db up finds out what became of a migration that was cut off,', () => {
  test('and the next deploy runs one that PostgreSQL rolled back', async () => {
    await cutOff(addsColumn, { notes: [0] })
    expect((await workshop.door(...deployWords)).output).toContain('npm run db up    (when it was cut off by a crash')
    expect(await up(workshop.run)).toContain(rolledBack)
    expect(await state()).toEqual(['rolled back'])
    expect(await up()).not.toContain(name)
    expect(await workshop.run(...deployWords)).toMatchObject({ code: 0 })
    expect(await state()).toEqual(['rolled back', 'applied'])
  })

  test('and does not run one again that was there already', async () => {
    await cutOff(addsColumn, { hasRun: true, notes: [0, 1] })
    expect(await up()).toContain(applied)
    expect((await workshop.door(...deployWords)).output).toContain('No pending migrations to apply.')
  })

  test('from the tables alone, when another engine than ours was at work', async () => {
    await cutOff(addsColumn, { hasRun: true })
    expect(await up()).toContain(applied)
  })

  test.each([
    ['was begun and not ended', false, [0], rolledBack],
    ['was ended', true, [0, 1], applied],
  ])(
    'from what the script noted in its own transaction, when the tables cannot tell: it %s',
    async (_, hasRun, notes, words) => {
      await cutOff(writesRows, { hasRun, notes })
      expect(await up()).toContain(words)
    },
  )
})

test('a note of another session than the script’s own counts for nothing', async () => {
  await cutOff(writesRows, { notes: [0], forged: [0, 1] })
  expect(await up()).toContain(rolledBack)
})

describe('of one that has several transactions, a part may be there:', () => {
  const both = `${addsColumn}\nALTER TABLE recruits ADD COLUMN motto text;`

  test('db up, deploy, drift and check say which statements, and give both ways out', async () => {
    await cutOff(both, { hasRun: addsColumn, logs: 'Database error code: 23502' })
    const words = [
      'is there: line 1, ALTER TABLE recruits ADD COLUMN nickname text',
      'is not there: line 2, ALTER TABLE recruits ADD COLUMN motto text',
    ]
    const ways = [
      "npm run psql -- --env prod -c 'ALTER TABLE recruits ADD COLUMN motto text'",
      `npm run migrate -- resolve --applied ${name} --env prod`,
      `npm run psql -- --env prod -c 'ALTER TABLE "recruits" DROP COLUMN "nickname"'`,
      `npm run migrate -- resolve --rolled-back ${name} --env prod`,
    ]
    for (const command of [['db', 'up'], deployWords, ['drift', '--env', 'prod']]) {
      const { output } = await workshop.door(...command)
      for (const line of [...words, ...ways]) expect(output).toContain(line)
    }
    expect(await state()).toEqual(['failed'])
    const { output } = await workshop.door('check')
    for (const line of words) expect(output).toContain(line)
    // And the first way leads out.
    for (const way of ways.slice(0, 2)) expect(await workshop.run(...wordsOf(way))).toMatchObject({ code: 0 })
    expect((await workshop.door(...deployWords)).output).toContain('No pending migrations to apply.')
  })

  test('what rows do not let end is not offered, what is not undone is said, and no note is written before', async () => {
    const runs = `UPDATE recruits SET surname = upper(surname);\n${addsColumn}`
    await cutOff(`${runs}\nALTER TABLE recruits ALTER COLUMN nickname SET NOT NULL;`, { hasRun: runs })
    const { output } = await workshop.door('drift', '--env', 'prod')
    expect(output).toMatch(/It cannot be finished as it is, for \d+ rows? ha(s|ve) no recruits.nickname/)
    expect(output).toContain(
      'What line 1, UPDATE recruits SET surname = upper(surname) wrote into rows is not undone by this.',
    )
    expect(output).not.toContain('Finish it by hand')
    for (const how of ['--applied', '--rolled-back'])
      expect(await workshop.door('migrate', 'resolve', how, name, '--env', 'prod')).toMatchObject({ code: 1 })
    expect(await state()).toEqual(['failed'])
  })

  test('a text that is not in the folder any more is not taken for the one that ran', async () => {
    await cutOff(both, { hasRun: addsColumn, text: 'ALTER TABLE recruits ADD COLUMN other text;' })
    const { output } = await workshop.door('drift', '--env', 'prod')
    expect(output).toContain('Its text is not in the folder any more')
    expect(output).toContain(`-c 'ALTER TABLE "recruits" DROP COLUMN "nickname"'`)
  })

  test.each([
    ['from the note where the tables cannot tell', [0, 1], 'is not there: line 2, UPDATE'],
    ['and what nobody can tell is said', [], 'cannot be seen in the tables: line 2, UPDATE'],
  ])('%s', async (_, notes, words) => {
    await cutOff(`${addsColumn}\n${writesRows}`, { hasRun: addsColumn, notes })
    expect(await up()).toContain(words)
    expect(await state()).toEqual(['failed'])
  })
})

describe('what is not sure is left to a person:', () => {
  test.each([
    ['rows were written or not, and the script noted nothing', writesRows, {}],
    ['an error was noted', addsColumn, { logs: 'ERROR: …' }],
    ['the file is not what was started', addsColumn, { text: `${addsColumn} ` }],
    ['the script says that it has ended, and the tables that it has not', addsColumn, { notes: [0, 1] }],
    ['the script was no one transaction', 'CREATE INDEX CONCURRENTLY i ON recruits (cohort)', {}],
  ])('%s', async (_, sql, options) => {
    await cutOff(sql, options)
    expect(await up()).not.toContain('cut off')
    expect(await state()).toEqual(['failed'])
    expect((await workshop.door('db', 'status')).output).toContain(`failed: ${name}`)
  })
})

test('a connection that is cut in the middle of a deploy is told without a stack, and db up mends the history', async () => {
  workshop.write(`prisma/migrations/${name}/migration.sql`, `BEGIN;\nCREATE TABLE first ();\n${addsColumn}\nCOMMIT;`)
  const session = await reader()
  const deploying = workshop.run(...deployWords)
  const isInTheMiddle =
    "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ '^ALTER TABLE recruits'"
  await until(
    'the migration waits in its middle',
    async () => (await workshop.sql('prod', isInTheMiddle)).length > 0,
  ).finally(() => endSessions(session))
  const { code, output } = await deploying
  expect(code).toBe(1)
  expect(output).toContain('✗ The connection to a database was cut off.')
  expect(output).toContain('next  npm run db up')
  expect(output).not.toMatch(/^ +at /m)
  expect(await up()).toContain(rolledBack)
})

describe('a deploy that was cut off before it could count is counted by the next command:', () => {
  const afterKill = 'workshop_after_kill'

  /** A deploy that is killed, with its Prisma, when PROD has been copied; what it was to do is done by hand. */
  beforeAll(async () => {
    await beginAnew()
    workshop.write(`prisma/migrations/${name}/migration.sql`, addsColumn)
    const session = await reader()
    await workshop
      .interrupt([process.execPath, 'workshop/run.mjs', ...deployWords], /Applying migration/, 'SIGKILL')
      .finally(() => endSessions(session))
    await workshop.asAdmin(
      `SET session_replication_role = 'replica'; DELETE FROM _prisma_migrations WHERE migration_name = '${name}'`,
    )
    await keepProd(workshop, afterKill)
  })
  beforeEach(() => bringProdBack(workshop, afterKill))

  // Two commands that look: whichever comes first.
  for (const [what, words] of Object.entries({ 'db up': ['db', 'up'], 'the next deploy': deployWords })) {
    signalTest(`by ${what} a lost value is named, with the copy that has it, and once only`, async () => {
      await workshop.sql('prod', "UPDATE recruits SET surname = surname || '!' WHERE id = 1")
      const { code, output } = await workshop.run(...words)
      expect({ code, output }).toMatchObject({ code: 1 })
      expect(output).toContain('PROD kept 5 of 5 recruits, 39 of 40 values')
      expect(output).toMatch(/npm run db restore prod_\d/)
      expect(await workshop.door(...words)).toMatchObject({ code: 0 })
    })
  }

  signalTest(
    'an entry without a verdict hides nothing, and neither does one that the migration itself has written',
    async () => {
      const copies = readdirSync(workshop.file('.workshop/snapshots')).toSorted()
      workshop.write(`.workshop/snapshots/${copies.at(-1)}/not-counted-yet`, '')
      await workshop.sql(
        'prod',
        `UPDATE recruits SET surname = surname || '!' WHERE id = 1;
       SELECT workshop.write_ledger('deploy', '{}', '${copies.at(-1)}'), workshop.note_ledger('not deployed: no', NULL)`,
      )
      const { code, output } = await workshop.door('db', 'up')
      expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('39 of 40 values') })
      expect(await up()).not.toContain('PROD kept')
    },
  )

  signalTest('nothing is lost, and that is said', async () => {
    expect(await up()).toContain('PROD kept 5 of 5 recruits, 40 of 40 values')
    expect(await up()).not.toContain('PROD kept')
  })
})

test('a deploy that was stopped on its way blames no file: it is typed again', async () => {
  expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
  workshop.write(`prisma/migrations/${name}/migration.sql`, addsColumn)
  await workshop.sql(
    'dev',
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)
     VALUES (gen_random_uuid(), 'of its text', '${name}', clock_timestamp(), 0)`,
  )
  const { code, output } = await workshop.door('migrate', 'deploy')
  expect({ code, output }).toMatchObject({ code: 1 })
  const said = output.replaceAll(/\s+/g, ' ')
  expect(said).toContain(`resolve --rolled-back ${name} (nothing of it is there)`)
  expect(said).toContain('npm run migrate -- deploy (again: it was cut off, and nothing is wrong with its file)')
  expect(output).not.toMatch(/Then correct|db reset/)
})
