import { expect, test } from '@jest/globals'
import { compareStories } from '../../../workshop/report/fits.ts'
import type { PastRow } from '../../../workshop/report/prod-past.ts'

const at = (minute: number) => new Date(Date.UTC(2027, 0, 1, 12, minute))
const row = (name: string, minute: number, rest: Partial<PastRow> = {}): PastRow => {
  return { id: name, name, checksum: '', started: at(minute), finished: at(minute), rolledBack: false, ...rest }
}
const entry = (number: number, event: string, migrations: string[]) => {
  return { entry: `${number}`, at: at(2 * number), event, migrations, snapshot: null, columns: [column] }
}
const column = { tableOid: 1, attnum: 1 } as never
const ledger = [entry(1, 'before a deploy', ['one']), entry(2, 'deploy', ['one'])]

const noted = (history: PastRow[]) =>
  compareStories({ history, ledger, migrations: [], committed: new Set(), copies: [], copyFaults: new Map() }).find(
    ({ what }) => what.startsWith('Each deploy of the ledger'),
  )

test('a deploy whose migration was given another name since was a deploy all the same', () => {
  expect(noted([row('one', 3), row('other', 9)])).toMatchObject({ isGood: true })
  expect(noted([row('one', 3, { rolledBack: true }), row('other', 9)])).toMatchObject({ isGood: true })
})

test('a deploy of which the history knows nothing, a failure only, or another time did not happen so', () => {
  const lacks = { isGood: false, words: expect.stringContaining('entry 2 deployed one') }
  expect(noted([row('other', 3)])).toMatchObject(lacks)
  expect(noted([row('one', 3, { rolledBack: true, finished: null })])).toMatchObject(lacks)
  expect(noted([row('one', 9)])).toMatchObject({ isGood: false, words: expect.stringContaining('did not run when') })
})
