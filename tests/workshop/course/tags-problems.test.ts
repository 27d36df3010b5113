import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { Problem } from '../../../kit/terminal/problem.ts'
import { ensureTags } from '../../../workshop/course/tags.ts'
import { scratchFolder } from '../../support/server.ts'
import { courseIn, removeToyCourses, stepText, toyCourse, toyTags, type ToyCourse } from '../../support/toy-course.ts'

afterAll(removeToyCourses)

describe('a tag that the learner made', () => {
  test('is kept, with all others, and the way out is a line that works', async () => {
    const course = toyCourse()
    course.git('tag', 'step-01-model')
    const problem = await problemOf(course)
    expect(problem.message).toMatch(/"step-01-model": you made this tag/)
    expect(course.git('tag', '--list')).toBe('step-01-model')
    expect(course.git('rev-parse', 'step-01-model')).toBe(course.git('rev-parse', 'main'))
    pasteInto(course, problem)
    await course.build()
    expect(course.git('rev-parse', 'my-step-01-model')).toBe(course.git('rev-parse', 'main'))
    expect(course.git('cat-file', '-t', 'step-01-model')).toBe('tag')
  })

  test('is kept too when it took the place of one of ours, annotated or not', async () => {
    const course = toyCourse()
    await course.build()
    course.git('tag', '--force', '--annotate', '--message=mine', 'step-02-typed-by-hand', 'main')
    course.git('tag', 'my-step-02-typed-by-hand')
    const problem = await problemOf(course)
    expect(problem.next[0]).toBe('git tag my-step-02-typed-by-hand-again step-02-typed-by-hand')
    expect(course.git('rev-parse', 'step-02-typed-by-hand^{commit}')).toBe(course.git('rev-parse', 'main'))
  })

  test('is kept below a name of ours as well, and is in nobody’s way under another name', async () => {
    const course = toyCourse()
    course.git('tag', 'step-by-step')
    await course.build()
    expect(course.git('rev-parse', 'step-by-step')).toBe(course.git('rev-parse', 'main'))
    const other = toyCourse()
    other.git('tag', 'step-01-model/mine')
    expect((await problemOf(other)).message).toMatch(/"step-01-model\/mine": you made this tag/)
  })
})

describe('where there can be no tags', () => {
  test('an archive without .git gets a clear message, and its way out works', async () => {
    const course = toyCourse()
    rmSync(join(course.folder, '.git'), { recursive: true })
    const problem = await problemOf(course)
    expect(problem.message).toBe('This folder is not a git repository.')
    expect(problem.why).toMatch(/archive/)
    pasteInto(course, problem)
    await course.build()
    expect(Object.keys(course.ids())).toEqual(toyTags)
  })

  test('a folder inside a repository of something else puts nothing into that one', async () => {
    const outer = toyCourse()
    mkdirSync(join(outer.folder, 'archive'))
    const problem = await problemOf(courseIn(join(outer.folder, 'archive')))
    expect(problem.why).toMatch(/inside a repository of something else/)
    expect(outer.git('tag', '--list')).toBe('')
  })

  test('a repository without a commit, or without steps, says so', async () => {
    const empty = courseIn(scratchFolder('toy course '))
    empty.git('init', '--quiet', '--initial-branch=main')
    expect((await problemOf(empty)).why).toBe('This repository has no commit yet.')
    empty.commit('Something else', { 'README.md': 'no course\n' })
    expect((await problemOf(empty)).why).toMatch(/No commit here has a folder/)
    empty.commit('Only the tool', { 'workshop/tool.ts': '\n' })
    expect((await problemOf(empty)).message).toBe('There are no steps to build tags from.')
  })

  test('a machine without git says so', async () => {
    const course = toyCourse()
    const path = process.env['PATH']
    process.env['PATH'] = course.folder
    try {
      expect((await problemOf(course)).message).toBe('git was not found.')
    } finally {
      process.env['PATH'] = path
    }
  })

  test('variables that a git hook sets lead to no other repository', async () => {
    const [course, other] = [toyCourse(), toyCourse()]
    process.env['GIT_DIR'] = join(other.folder, '.git')
    try {
      await course.build()
    } finally {
      delete process.env['GIT_DIR']
    }
    expect(Object.keys(course.ids())).toEqual(toyTags)
    expect(other.ids()).toEqual({})
  })
})

describe('steps that are not whole are named, and no tag moves', () => {
  const broken: [what: string, files: Record<string, string>, says: RegExp][] = [
    ['a missing step.ts', { 'steps/04-more/files/seeds/c27.ts': '\n' }, /04-more has no step\.ts/],
    ['a number twice', { 'steps/03-twin/step.ts': stepText('Twin', ['x']) }, /Two steps have the number 3/],
    [
      'a removal of nothing',
      { 'steps/04-more/step.ts': stepText('More', ['x'], ['seeds/none.ts']) },
      /04-more removes seeds\/none\.ts, which is not there/,
    ],
    [
      'a file that is not the step’s to change',
      { 'steps/04-more/step.ts': stepText('More', ['x']), 'steps/04-more/files/README.md': 'x\n' },
      /04-more brings README\.md/,
    ],
    ['a name that is no tag', { 'steps/04-No..Tag/step.ts': stepText('No', ['x']) }, /04-No\.\.Tag cannot be the name/],
    ['a step that is no data', { 'steps/04-more/step.ts': 'process.exit(1)\n' }, /04-more\/step\.ts cannot be read/],
  ]
  test.each(broken)('%s', async (_, files, says) => {
    const course = toyCourse()
    await course.build()
    const before = course.ids()
    course.commit('Break a step', files)
    expect((await problemOf(course)).message).toMatch(says)
    expect(course.ids()).toEqual(before)
  })

  test('a commit that is not there', async () => {
    await expect(toyCourse().build('--help')).rejects.toThrow('There is no commit "--help" here.')
  })
})

/** The Problem that `steps build` throws and that `npm start` returns without throwing: the same one. */
async function problemOf(course: ToyCourse): Promise<Problem> {
  const thrown = await course.build().catch((error: unknown) => error)
  const ensured = await ensureTags(() => {}, course.folder)
  expect(thrown).toBeInstanceOf(Problem)
  expect(ensured).toMatchObject({ did: 'skipped', problem: { message: (thrown as Problem).message } })
  return thrown as Problem
}

/** Types the git lines of a Problem's way out. */
function pasteInto(course: ToyCourse, { next }: Problem): void {
  for (const command of next.filter((line) => line.startsWith('git '))) {
    course.git(...command.replaceAll('"', '').split(' ').slice(1))
  }
}
