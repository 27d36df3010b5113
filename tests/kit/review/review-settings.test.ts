import { describe, expect, test } from '@jest/globals'
import { isSettingFile, settingChecks, settingFindings, type SettingCheck } from '../../../kit/review/setting-checks.ts'
import { reviewRepository } from '../../support/review-repository.ts'
import { settingCorpus, type SettingCase } from './setting-corpus.ts'

const found = ({ files }: SettingCase, checks: readonly SettingCheck[] = settingChecks) =>
  files.flatMap((file) => settingFindings(file, files, checks)).map(({ id, file, line }) => `${id} ${file}:${line}`)

describe('H14 and H21: settings and commands', () => {
  test.each(settingCorpus)('$id $title', (one) => {
    expect(one.files.every(({ path }) => isSettingFile(path))).toBe(true)
    expect(found(one)).toEqual(one.finds)
  })

  test.each(settingChecks.map((check) => [`${check.id} ${check.name}`, check] as const))(
    'without "%s" one is missed',
    (_, check) => {
      const others = settingChecks.filter((one) => one !== check)
      const missed = settingCorpus.filter((one) => found(one, others).join() !== one.finds.join())
      expect(missed.length).toBeGreaterThan(0)
    },
  )

  test('both have at least three bad cases and two good ones', () => {
    for (const id of ['H14', 'H21']) {
      const own = settingCorpus.filter((one) => one.id === id)
      expect(own.filter(({ finds }) => finds.length > 0).length).toBeGreaterThanOrEqual(3)
      expect(own.filter(({ finds }) => finds.length === 0).length).toBeGreaterThanOrEqual(2)
    }
  })
})

test('a branch is judged by the settings that it touches, not by what stood there before', async () => {
  const script = (line: string) => `{\n"scripts": {\n"x": "${line}"\n}\n}\n`
  const repository = reviewRepository({ 'package.json': script('dotenv -e .env.prod -- prisma db push') })
  repository.commit('Else', { 'README.md': 'A toy\n' })
  expect((await repository.review()).findings).toEqual([])
  repository.commit('Touch it', { 'package.json': script('dotenv -e .env.prod -- prisma migrate reset') })
  const { findings, isRejected } = await repository.review()
  repository.remove()
  expect(findings).toMatchObject([{ id: 'H21', file: 'package.json', line: 3, level: 'refuse' }])
  expect(isRejected).toBe(true)
})
