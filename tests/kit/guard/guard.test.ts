import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readGuard } from '../../../kit/guard/guard.ts'
import { StatementReader } from '../../../kit/sql/statement-reader.ts'
import { controlsTransactions, guardBed, send, type Copy, type GuardBed, type Way } from './guard-bed.ts'
import { againstTheGuard } from './guard-corpus-attacks.ts'
import { losesColumns } from './guard-corpus-columns.ts'
import { insideACommand } from './guard-corpus-inside.ts'
import { losesKeys } from './guard-corpus-keys.ts'
import { losesParts } from './guard-corpus-parts.ts'
import { easilyMisread } from './guard-corpus-read.ts'
import { losesRows } from './guard-corpus-rows.ts'
import { losesTables } from './guard-corpus-tables.ts'
import { aroundTheGuard } from './guard-corpus-tricks.ts'
import { losesByType } from './guard-corpus-types.ts'
import type { DestructiveCase } from './guard-corpus.ts'
import { lostValues } from '../../support/guard-values.ts'

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

const destructive = [
  losesRows,
  losesTables,
  losesColumns,
  losesByType,
  againstTheGuard,
  aroundTheGuard,
  insideACommand,
  easilyMisread,
  losesKeys,
  losesParts,
].flat()

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

test('a partition that may not leave stays, also where DETACH commits before its end', async () => {
  const copy = await bed.copy()
  try {
    const detach = 'ALTER TABLE measurements DETACH PARTITION other.measurements_east CONCURRENTLY'
    expect(await send(copy.prod, detach)).toMatchObject({ ends: 'WK001' })
    const { rows } = await copy.prod.query<{ n: number }>('SELECT count(*)::int AS n FROM measurements')
    expect(rows).toEqual([{ n: 5 }])
    expect(await send(copy.prod, 'ALTER TABLE other.measurements_east SET SCHEMA public')).toMatchObject({
      ends: 'passes',
    })
    expect(await send(copy.prod, detach.replace('other.', ''))).toMatchObject({ ends: 'passes' })
  } finally {
    await copy.remove()
  }
})

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
