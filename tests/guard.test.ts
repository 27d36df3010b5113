import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readGuard } from '../workshop/world/guard.ts'
import { writeLedger } from '../workshop/world/ledger.ts'
import { projectRoot } from '../workshop/world/project.ts'
import { StatementReader } from '../workshop/world/sql-statements.ts'
import { controlsTransactions, guardBed, send, type Copy, type GuardBed, type Way } from './support/guard-bed.ts'
import { againstTheGuard } from './support/guard-corpus-attacks.ts'
import { losesColumns } from './support/guard-corpus-columns.ts'
import { harmlessShapes } from './support/guard-corpus-harmless.ts'
import { harmlessMoves } from './support/guard-corpus-moves.ts'
import { losesRows } from './support/guard-corpus-rows.ts'
import { losesTables } from './support/guard-corpus-tables.ts'
import { aroundTheGuard } from './support/guard-corpus-tricks.ts'
import { losesByType } from './support/guard-corpus-types.ts'
import type { DestructiveCase } from './support/guard-corpus.ts'
import { lostValues } from './support/guard-values.ts'

let bed: GuardBed
/** A copy that serves one case after the other, for as long as each leaves it as it was. */
let shared: Copy | undefined

beforeAll(async () => {
  bed = await guardBed()
})
afterAll(async () => {
  await shared?.remove()
  await bed?.stop()
})

const destructive = [losesRows, losesTables, losesColumns, losesByType, againstTheGuard, aroundTheGuard].flat()
const harmless = [...harmlessShapes, ...harmlessMoves]

describe(`each of ${destructive.length} destructive scripts`, () => {
  test.each(destructive.filter(({ attacks }) => !attacks))('loses values where no guard is: $name', async (one) => {
    const { before, after } = await bed.withoutGuard(one)
    expect(lostValues(before, after)).not.toEqual([])
  })

  test.each(destructive)('is refused, loses nothing and leaves the guard whole: $name', async (one) => {
    const expected = one.ends ?? ['WK001']
    await onCopy(one, async (copy) => {
      for (const { way, ends, message, before, after } of await copy.run(one.sql, ...waysOf(one.sql))) {
        const told = expected.includes(ends) ? 'as expected' : `${ends} ${message}`
        expect({ way, told, lost: lostValues(before, after) }).toEqual({ way, told: 'as expected', lost: [] })
      }
      expect(await readGuard(copy.admin)).toBe('whole')
      expect(await send(copy.prod, 'DELETE FROM cohorts')).toMatchObject({ ends: 'WK001' })
      expect(await superusers(copy)).toEqual(['postgres'])
    })
  })
})

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

async function superusers({ admin }: Copy): Promise<string[]> {
  return (await admin.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolsuper')).rows.map(
    ({ rolname }) => rolname,
  )
}

/** Runs a case in the shared copy, or in one of its own where it leaves traces. */
async function onCopy(one: DestructiveCase, work: (copy: Copy) => Promise<void>): Promise<void> {
  const leavesTraces = one.setup !== undefined || one.ends?.includes('passes') || controlsTransactions(one.sql)
  const copy = leavesTraces ? await bed.copy(one.setup) : (shared ??= await bed.copy())
  let isAsBefore = false
  try {
    await work(copy)
    isAsBefore = !leavesTraces
  } finally {
    if (!isAsBefore) await copy.remove()
    if (!isAsBefore && copy === shared) shared = undefined
  }
}

/** A file, as Prisma sends it; a statement in a transaction, as an application does; and with the extended protocol. */
function waysOf(sql: string): Way[] {
  if (controlsTransactions(sql)) return ['one query']
  const isOne = new StatementReader().feed(`${sql}\n;`).length === 1
  return isOne ? ['one query', 'transaction', 'extended protocol'] : ['one query', 'transaction']
}
