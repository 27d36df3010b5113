import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { removeToyCourses, stepText, toyCourse, type ToyCourse } from '../../support/toy-course.ts'

let course: ToyCourse
let ids: Record<string, string>

beforeAll(async () => {
  course = toyCourse()
  await course.build()
  ids = course.ids()
})
afterAll(removeToyCourses)

test('a clone builds the same ids', async () => {
  const clone = course.clone()
  const { source } = await clone.build()
  expect(source.name).toBe('origin/main')
  expect(clone.ids()).toEqual(ids)
})

test('a shallow clone builds the same ids', async () => {
  const clone = course.clone('--depth=1')
  await clone.build()
  expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('true')
  expect(clone.ids()).toEqual(ids)
})

test('a learner’s commits change no id: on main, on a branch, with the head detached, in a linked worktree', async () => {
  const clone = course.clone()
  clone.commit('Mine, on main', { 'prisma/schema.prisma': 'mine\n', 'steps/01-model/step.ts': 'broken\n' })
  await clone.build()
  expect(clone.ids()).toEqual(ids)
  clone.git('switch', '--quiet', '-c', 'topic')
  clone.commit('Mine, on a branch', { 'workshop/tool.ts': 'mine\n' })
  expect((await clone.build()).changes).toEqual([])
  clone.git('switch', '--quiet', '--detach', 'step-01-model')
  expect((await clone.build()).changes).toEqual([])
  expect(clone.ids()).toEqual(ids)
})

test('work that is not committed changes no id', async () => {
  const clone = course.clone()
  clone.write('steps/01-model/step.ts', 'broken\n')
  clone.write('steps/09-new/step.ts', 'broken\n')
  await clone.build()
  expect(clone.ids()).toEqual(ids)
})

test('git’s settings change no id: line ends, signatures, case, a graft', async () => {
  const clone = course.clone('--config=core.autocrlf=true')
  const settings = {
    'commit.gpgSign': 'true',
    'tag.gpgSign': 'true',
    'gpg.program': 'false',
    'core.eol': 'crlf',
    'core.ignoreCase': 'true',
    'user.name': 'Somebody',
    'user.email': 'somebody@example.com',
    'i18n.commitEncoding': 'ISO-8859-1',
    'log.showSignature': 'true',
    'tag.sort': '-version:refname',
    'fastimport.unpackLimit': '1',
  }
  for (const [name, value] of Object.entries(settings)) clone.git('config', name, value)
  await clone.build()
  expect(clone.ids()).toEqual(ids)
  expect(clone.git('show', 'step-03-rename:seeds/c26.ts')).toBe('finished')
})

test('a name that changes its case only is another name, on every file system', async () => {
  const cased = toyCourse()
  cased.commit('Change a case', {
    'steps/04-case/step.ts': stepText('Another case', ['Rename it.'], ['seeds/c26.ts']),
    'steps/04-case/files/seeds/C26.ts': 'finished\n',
  })
  for (const ignoreCase of ['true', 'false']) {
    cased.git('config', 'core.ignoreCase', ignoreCase)
    await cased.build()
    expect(cased.git('ls-tree', '-r', '--name-only', 'step-04-case', 'seeds')).toBe('seeds/C26.ts')
  }
})

test('without a remote, on a branch that began at a tag, main is built from, not the tag', async () => {
  const alone = toyCourse()
  await alone.build()
  alone.git('switch', '--quiet', '-c', 'mine', 'step-00-start')
  const { source } = await alone.build()
  expect(source.commit).toBe(alone.git('rev-parse', 'main'))
  alone.git('branch', '--quiet', '-D', 'main')
  expect((await alone.build()).changes).toEqual([])
  expect(alone.ids()).toEqual(ids)
})
