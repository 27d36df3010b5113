import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { wrongElsewhere } from './histories-prod.ts'
import { right } from './histories-right.ts'
import { wrongMigrations } from './histories-wrong.ts'
import type { Did, History } from './histories.ts'
import { layFilesOf, reportBed, type Bed } from './report-bed.ts'

let bed: Bed
beforeAll(async () => {
  bed = await reportBed()
}, 300_000)
afterAll(() => bed?.workshop.remove())

const histories: History[] = [...right, ...wrongMigrations, ...wrongElsewhere]
const titled = (of: readonly History[]) => of.map((one): [string, History] => [`${one.name} (at step ${one.at})`, one])

test.each(titled(histories))('the page says what is right and what is wrong: %s', async (_, history) => {
  await bed.begin(history.at)
  for (const did of history.did) await act(did)
  const page = await bed.page()
  const wrong = wrongOn(page)
  // What is not done yet is no mistake, and comes last.
  if (history.wrong.length === 0) expect(wrong).toEqual([])
  for (const one of history.wrong)
    expect({ wrong }).toEqual({ wrong: expect.arrayContaining([expect.stringMatching(one)]) })
  for (const one of history.shows ?? []) expect(page).toMatch(one)
  expect(page).not.toMatch(/<(script|b|i)>|secret/)
})

test('there are more than forty of them, right and wrong', () => {
  expect(histories.length).toBeGreaterThan(40)
  expect(new Set(histories.map(({ name }) => name)).size).toBe(histories.length)
})

/** The lines of what is wrong, without their marks. */
function wrongOn(page: string): string[] {
  const [, part = ''] = /## What is wrong[^\n]*\n\n([^]*?)\n\n## /.exec(page) ?? []
  return part
    .split('\n')
    .filter((line) => line.startsWith('- ✗ '))
    .map((line) => line.slice('- ✗ '.length).replaceAll('\\_', '_'))
}

async function act(did: Did): Promise<void> {
  const { workshop } = bed
  if ('sql' in did) await workshop.sql(did.on, did.sql)
  else if ('forced' in did) await bed.force(did.forced, did.as)
  else if ('lay' in did) layFilesOf(workshop, did.of, did.lay)
  else if ('write' in did) workshop.write(did.write, did.text)
  else if ('remove' in did) rmSync(workshop.file(did.remove), { recursive: true, force: true })
  else if ('apply' in did) await bed.apply(did.apply)
  else if ('note' in did) await bed.note(did.on, did.note)
  else if ('seed' in did) await bed.seed(did.on, did.seed)
  else if ('git' in did) bed.git(...did.git)
  else if ('commit' in did) bed.commit(did.commit)
  else {
    expect(existsSync(workshop.file(did.edit))).toBe(true)
    const text = readFileSync(workshop.file(did.edit), 'utf8')
    expect(text).toMatch(did.from)
    workshop.write(did.edit, text.replace(did.from, did.to))
  }
}
