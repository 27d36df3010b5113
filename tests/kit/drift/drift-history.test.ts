import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { driftBed, words, type DriftBed } from './drift-bed.ts'
import { checksumOf } from '../../../kit/sql/migration-text.ts'
import { must } from '../../support/measure.ts'
import { laid, migrationsOf } from '../../support/laid-steps.ts'

// Both databases stand at step 10 with their recruits, and each test begins with the files of step 10.

let bed: DriftBed
beforeAll(async () => {
  bed = await driftBed()
})
beforeEach(() => bed.reset())
afterAll(() => bed?.remove())

const folder = (name: string) => bed.file(`prisma/migrations/${name}`)
const names = migrationsOf(laid(10))

/** On PROD nothing is ever deleted. */
async function forget(name: string): Promise<void> {
  const rows = `DELETE FROM _prisma_migrations WHERE migration_name = '${name}'`
  await bed.asAdmin(`SET session_replication_role = 'replica'; ${rows}`)
}

async function noteOnProd(name: string, steps: number): Promise<void> {
  const checksum = checksumOf(readFileSync(`${folder(name)}/migration.sql`, 'utf8'))
  await bed.sql(
    'prod',
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES (gen_random_uuid(), '${checksum}', '${name}', clock_timestamp(), now(), ${steps})`,
  )
}

describe('the history of a database', () => {
  test('a pending migration is no drift, and its deploy is what to type', async () => {
    bed.lay(12)
    const { state, link } = await bed.report()
    expect(state).toBe('differs')
    expect(words(link('dev'))).toEqual(['migration 20250120090000_rename_chatname_to_rocketchat_user is pending'])
    expect(link('dev').next).toEqual(['npm run migrate -- deploy'])
    expect(link('prod').next).toEqual(['npm run migrate -- deploy --env prod'])
  })

  test('one that was edited after it was applied, and one that is not in the folder', async () => {
    appendFileSync(`${folder(names[1]!)}/migration.sql`, '-- a late idea\n')
    rmSync(folder(names.at(-1)!), { recursive: true })
    const { link } = await bed.report()
    expect(words(link('prod'))).toEqual(
      expect.arrayContaining([
        `migration ${names[1]} was edited after it had been applied`,
        `migration ${names.at(-1)} is applied, and not in the folder`,
      ]),
    )
    // Each deploy keeps its files beside the copy: no commit has to have them.
    const [edited, lost] = link('prod').next.map((line) => line.replace(/prod_\d{8}_\d{6}_\d{3}/, 'prod_…'))
    const kept = '.workshop/snapshots/prod_…/migrations'
    expect(edited).toContain(`Copy ${kept}/${names[1]}/migration.sql to prisma/migrations/${names[1]}/migration.sql`)
    expect(lost).toContain(`Copy the folder ${kept}/${names.at(-1)} into prisma/migrations`)
  })

  test('resolve on PROD looks first: a false note is not written, and one that Prisma wrote is taken back', async () => {
    const name = '20990101000000_noted'
    bed.migration(name, 'ALTER TABLE recruits ADD COLUMN noted text NOT NULL;\n')
    const refused = await bed.door('migrate', 'resolve', '--applied', name, '--env', 'prod')
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.output).toContain(`PROD does not have what ${name} makes: nothing was noted.`)
    await must(bed.prisma('prod', 'migrate', 'resolve', '--applied', name))
    const [next = ''] = (await bed.report()).link('prod').next
    expect(next).toMatch(
      /^npm run migrate -- resolve --rolled-back 20990101000000_noted --env prod {4}\(it was only noted/,
    )
    await must(bed.door('migrate', 'resolve', '--rolled-back', name, '--env', 'prod'))
    const { link } = await bed.report()
    expect(
      link('prod')
        .history.map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['pending', 'rolled back'])
    const [ran] = names
    expect(await bed.door('migrate', 'resolve', '--rolled-back', ran!, '--env', 'prod')).toMatchObject({ code: 1 })
    await forget(name)
  })

  test('one that was only noted as applied stands where its name belongs, whenever it was noted', async () => {
    const [older, newer] = ['20250106100000_nickname', '20250201000000_rename_it']
    bed.migration(older, 'ALTER TABLE recruits ADD COLUMN nickname text;\n')
    bed.migration(newer, 'ALTER TABLE recruits RENAME COLUMN nickname TO called;\n')
    const add = 'ALTER TABLE recruits ADD COLUMN called text'
    await bed
      .byHand('prod', add, 'ALTER TABLE recruits DROP COLUMN called', async () => {
        for (const [name, steps] of [
          [newer, 1],
          [older, 0],
        ] as const)
          await noteOnProd(name, steps)
        const { link } = await bed.report('--env', 'prod')
        expect({ ...link('prod') }).toMatchObject({ isInSync: true, history: [], next: [] })
      })
      .finally(async () => {
        await forget(older)
        await forget(newer)
      })
  })

  test('one that comes before those that are applied', async () => {
    bed.migration('20200101000000_late', 'SELECT 1;\n')
    expect(words((await bed.report()).link('dev'))).toEqual([
      'migration 20200101000000_late is pending',
      `migration 20200101000000_late is older than ${names.at(-1)}, which is applied already`,
    ])
  })

  test('one that failed, and then was rolled back', async () => {
    await forget('20990101000000_fails')
    bed.migration('20990101000000_fails', 'ALTER TABLE recruits ADD COLUMN x TEXT NOT NULL;\n')
    expect(await bed.prisma('prod', 'migrate', 'deploy')).toMatchObject({ code: 1 })
    const failed = (await bed.report()).link('prod')
    expect(words(failed)[0]).toBe(
      'migration 20990101000000_fails was started, and neither finished nor rolled back: ' +
        'this is not there: line 1, ALTER TABLE recruits ADD COLUMN x TEXT NOT NULL',
    )
    const [command, why] = failed.next[0]!.split('    ')
    expect(command).toBe('npm run migrate -- resolve --rolled-back 20990101000000_fails --env prod')
    expect(why).toBe('(nothing of it is there)')
    expect(await bed.npm(...command!.split(' ').slice(1))).toMatchObject({ code: 0 })
    rmSync(folder('20990101000000_fails'), { recursive: true })
    const { state, link } = await bed.report()
    expect(state).toBe('same')
    expect(words(link('prod'))).toEqual(['migration 20990101000000_fails was rolled back, and not applied since'])
  })
})
