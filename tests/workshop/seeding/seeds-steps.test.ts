import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { column, databaseAt, read, removeSeedBed, seed, startSeedBed, workshopAt } from './seed-bed.ts'
import type { Workshop } from '../../support/workshop.ts'

beforeAll(startSeedBed)
afterAll(removeSeedBed)

describe('at every step', () => {
  test.each([3, 4, 6, 9, 12, 16])(
    'the seeds of step %i fit its table, their types and both ways of adding',
    async (step) => {
      const workshop = await workshopAt(step)
      const url = await databaseAt(step)
      const names = readdirSync(workshop.file('seeds')).flatMap((file) => /^c\d+(?=\.ts$)/.exec(file) ?? [])
      for (const name of names) expect(await seed(workshop, url, name)).toMatchObject({ code: 0 })
      const newest = names.sort().at(-1)!
      expect(await seed(workshop, url, newest, ['--count', '1000'])).toMatchObject({ code: 0 })
      expect(await column(url, 'count(*)::int')).toEqual([names.length * 5 + 995])
      expect(await typeErrors(workshop)).toEqual('')
    },
  )

  test('a recruit that does not fit the model is a type error that names the field', async () => {
    const workshop = await workshopAt(17)
    workshop.write('seeds/recruits.ts', read(workshop, 'seeds/recruits.ts').replace('rocketchatUser:', 'chatname:'))
    expect(await typeErrors(workshop)).toContain("'chatname' does not exist in type 'RecruitCreateManyInput'")
  })
})

async function typeErrors(workshop: Workshop): Promise<string> {
  workshop.write('tsconfig.seeds.json', JSON.stringify({ extends: './tsconfig.json', include: ['seeds'] }))
  const tsc = join('node_modules', 'typescript-compiler', 'bin', 'tsc')
  return (await workshop.exec([process.execPath, tsc, '--noEmit', '-p', 'tsconfig.seeds.json'])).output
}
