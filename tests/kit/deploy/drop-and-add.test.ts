import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  beginAnew,
  deployInHere,
  file,
  migration,
  refused,
  removeDeployBed,
  startDeployBed,
  workshop,
} from './deploy-bed.ts'

beforeAll(startDeployBed)
beforeEach(beginAnew)
afterAll(removeDeployBed)

const rename = 'ALTER TABLE "recruits" RENAME COLUMN "chatname" TO "rocketchat_user";'
const question = 'recruits.chatname goes, and recruits.rocketchat_user comes. Is it the same column under a new name?'
const archived =
  'CREATE SCHEMA archive;\nCREATE TABLE archive.recruits AS SELECT id, chatname FROM recruits;\nALTER TABLE recruits DROP COLUMN chatname;\n'
const filled = "ALTER TABLE recruits ADD COLUMN rocketchat_user text NOT NULL DEFAULT 'unknown';\n"

describe('a rename that is written as a drop and an add', () => {
  test.each([
    [
      'as Prisma writes it',
      'ALTER TABLE "recruits" DROP COLUMN "chatname", ADD COLUMN "rocketchat_user" TEXT NOT NULL;',
    ],
    ['with a default for the rows', `ALTER TABLE recruits DROP COLUMN chatname;\n${filled}`],
    [
      'in the other order',
      'ALTER TABLE recruits ADD rocketchat_user text NOT NULL;\nALTER TABLE recruits DROP chatname;',
    ],
  ])('%s, is refused with both columns and the rename', async (_, sql) => {
    const output = await refused(sql)
    expect(output).toContain(question)
    expect(output).toMatch(/both are text\n +the names are alike in part\n/)
    expect(output).toContain(`next  In ${file}, in place of the drop and the add:  ${rename}`)
    expect(output.slice(0, output.indexOf(rename))).not.toMatch(/DEFAULT|HINT/)
  })

  test('and that an archive and a DEFAULT let through, goes on only after a yes, which names what is not there', async () => {
    const output = await refused(archived + filled)
    expect(output).toContain(question)
    expect(output).toContain('rocketchat_user does not hold what chatname held, in 5 of 5 rows:')
    expect(output).toMatch(/row 1: was "[\w.]+", is "unknown"/)
    expect(output).toContain(`next  In ${file}, in place of the drop and the add:  ${rename}`)
  })

  test('in two files, and with the values of DEV as evidence, is asked about too', async () => {
    await workshop.sql('dev', 'CREATE TABLE recruits (id int PRIMARY KEY, handle text)')
    const people = await workshop.sql<{ id: number; chatname: string }>('prod', 'SELECT id, chatname FROM recruits')
    for (const { id, chatname } of people)
      await workshop.sql('dev', `INSERT INTO recruits VALUES (${id}, '${chatname}')`)
    migration(archived, '20261231000000_out')
    const output = await refused("ALTER TABLE recruits ADD handle text NOT NULL DEFAULT '';")
    await workshop.sql('dev', 'DROP TABLE recruits')
    expect(output).toContain('5 of 5 rows hold in handle on DEV what they hold in chatname on PROD')
    expect(output).toContain('In prisma/migrations/20261231000000_out/migration.sql')
  })

  test('is no rename where the values were copied over, or where an unlike column comes in another file', async () => {
    migration('ALTER TABLE recruits ADD nickname2 int;', '20261231000000_other')
    migration(
      'BEGIN; ALTER TABLE recruits ADD rocketchat_user text; UPDATE recruits SET rocketchat_user = chatname; ALTER TABLE recruits DROP chatname; COMMIT;',
    )
    const { code, output } = await deployInHere('--dry-run')
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(output).toContain('35 as they were; 5 moved into another column (recruits.chatname)')
  })
})

test('values that come back from the archive are a gain: no line says that they are gone, and no copy has to come back', async () => {
  await workshop.sql('prod', archived + filled)
  await workshop.sql(
    'prod',
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('x', encode(sha256(convert_to('SELECT 1', 'UTF8')), 'hex'), '20261230000000_was', now(), 1)",
  )
  migration('SELECT 1', '20261230000000_was')
  migration('UPDATE recruits AS r SET rocketchat_user = o.chatname FROM archive.recruits AS o WHERE o.id = r.id;')
  const { output } = await deployInHere('--dry-run')
  expect(output).toContain('5 came back from the archive (recruits.rocketchat_user)')
  expect(output).not.toMatch(/are gone|db restore/)
})
