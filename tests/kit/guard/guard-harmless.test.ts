import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGuard } from '../../../kit/guard/guard.ts'
import { writeLedger } from '../../../kit/keep/ledger.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { controlsTransactions, guardBed, type Copy, type GuardBed, type Way } from './guard-bed.ts'
import { harmlessShapes } from './guard-corpus-harmless.ts'
import { harmlessKeys } from './guard-corpus-keys.ts'
import { harmlessMoves } from './guard-corpus-moves.ts'
import { harmlessParts } from './guard-corpus-parts.ts'
import { lostValues } from '../../support/guard-values.ts'

// What the guard lets through: nothing that loses a value is among it.

let bed: GuardBed
beforeAll(async () => {
  bed = await guardBed()
})
afterAll(() => bed?.stop())

const harmless = [...harmlessShapes, ...harmlessMoves, ...harmlessKeys, ...harmlessParts]

describe(`each of ${harmless.length} harmless scripts`, () => {
  test.each(harmless)('passes and loses nothing: $name', async (one) => {
    const copy = await bed.copy(one.setup)
    try {
      const twice: Way[] = one.runs || controlsTransactions(one.sql) ? ['one query'] : ['rolled back', 'one query']
      const outcomes = await copy.run(one.sql, ...twice)
      const passes = { ends: 'passes', message: '', hint: '' }
      expect(outcomes).toMatchObject(twice.map((way) => ({ way, ...passes })))
      const { before, after } = outcomes.at(-1)!
      expect(one.writes ? [] : lostValues(before, after, one.loses ? 'once' : 'as often')).toEqual([])
      expect(after.length).toBeGreaterThanOrEqual(one.loses ? 0 : before.length)
      expect(await readGuard(copy.admin)).toBe('whole')
    } finally {
      await copy.remove()
    }
  })
})

describe('the course’s own migrations', () => {
  test('pass one after the other, with recruits who come in between, and lose nothing', async () => {
    const folder = join(projectRoot, 'prisma', 'migrations')
    const names = readdirSync(folder)
      .filter((name) => /^\d/.test(name))
      .toSorted()
    expect(names.length).toBeGreaterThanOrEqual(7)
    const copy = await bed.copy(undefined, 'empty')
    try {
      for (const [index, name] of names.entries()) {
        const [outcome] = await copy.run(readFileSync(join(folder, name, 'migration.sql'), 'utf8'))
        expect({ name, ends: outcome!.ends, message: outcome!.message }).toEqual({ name, ends: 'passes', message: '' })
        expect(lostValues(outcome!.before, outcome!.after)).toEqual([])
        await addRecruits(copy, index)
        await writeLedger(copy.prod, { event: 'deploy', migrations: [name] })
      }
    } finally {
      await copy.remove()
    }
  })
})

/** Three recruits with a value in every column that there is at that time. */
async function addRecruits({ prod }: Copy, round: number): Promise<void> {
  const { rows } = await prod.query<{ name: string }>(
    "SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = 'recruits'::regclass AND attnum > 1 AND NOT attisdropped",
  )
  const names = rows.map(({ name }) => name)
  for (const who of ['a', 'b', 'c']) {
    const values = names.map((name) => `${name} of ${who}${round}`)
    await prod.query(
      `INSERT INTO recruits (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      values,
    )
  }
}
