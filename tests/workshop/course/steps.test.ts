import { describe, expect, test } from '@jest/globals'
import {
  courseEnd,
  differences,
  hasFiles,
  isMigration,
  laid,
  migrationsOf,
  readFolder,
  stepNumbers,
} from '../../support/laid-steps.ts'

describe('the files of the steps', () => {
  test('stand in folders with a number of their own, each of which changes something', () => {
    expect(new Set(stepNumbers).size).toBe(stepNumbers.length)
    const idle = stepNumbers.filter((n) => hasFiles(n) && differences(laid(n - 1), laid(n)).length === 0)
    expect(idle).toEqual([])
  })

  test('make, laid one over the other, the finished prisma/ and seeds/, without the bonus steps', () => {
    const differing = differences(laid(courseEnd), { ...readFolder('prisma'), ...readFolder('seeds') })
    // A learner's own prisma/ and seeds/ are theirs: there the differences are told, and nothing fails.
    const isOurs = process.env['CI'] === 'true'
    if (!isOurs && differing.length > 0) {
      process.stderr.write(`prisma/ and seeds/ are not the finished state here: ${differing.join(', ')}\n`)
    }
    expect(isOurs ? differing : []).toEqual([])
  })

  test('never change a migration that an earlier step introduced, and never remove one', () => {
    for (const n of stepNumbers) {
      const before = laid(n - 1)
      const changed = differences(before, laid(n)).filter((path) => isMigration(path) && path in before)
      expect({ step: n, changed }).toEqual({ step: n, changed: [] })
    }
  })

  test('put each new migration behind the ones before it, and all of them before those of a learner', () => {
    for (const n of stepNumbers) {
      const before = migrationsOf(laid(n - 1))
      expect(migrationsOf(laid(n)).slice(0, before.length)).toEqual(before)
    }
    expect(migrationsOf(laid(99)).every((name) => /^2025\d{10}_[a-z_]+$/.test(name))).toBe(true)
  })

  test('open each migration with a comment that says why', () => {
    const silent = Object.entries(laid(99)).filter(([path, sql]) => isMigration(path) && !sql.startsWith('-- '))
    expect(silent).toEqual([])
  })
})
