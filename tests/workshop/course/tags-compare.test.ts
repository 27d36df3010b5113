import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { compareTags } from '../../../workshop/course/tags-compare.ts'
import { removeToyCourses, toyCourse, type ToyCourse } from '../../support/toy-course.ts'

let course: ToyCourse
beforeEach(async () => {
  course = toyCourse()
})
afterAll(removeToyCourses)

test('tags that are missing are built, and hold what the steps hold', async () => {
  expect(await compareTags(course.folder)).toEqual({ defects: [] })
  expect(Object.keys(course.ids())).toHaveLength(4)
})

test('a tag that leads elsewhere is a defect, with the files that differ', async () => {
  await course.build()
  const message = course.git('tag', '--list', '--format=%(contents)', 'step-02-typed-by-hand')
  course.git('tag', '--force', '--annotate', '--message', message, 'step-02-typed-by-hand', 'step-00-start')
  expect(await compareTags(course.folder)).toEqual({
    defects: ['step-02-typed-by-hand is not what its steps lay down: prisma/schema.prisma.'],
  })
})

test('steps that are not what the tags are built from are not compared, and it says so', async () => {
  await course.build()
  course.write('steps/01-model/files/prisma/schema.prisma', 'not committed\n')
  expect((await compareTags(course.folder)).notCompared).toMatch(/is not committed, or not on origin/)
  const clone = course.clone()
  clone.commit('Not pushed', { 'steps/01-model/files/prisma/schema.prisma': 'not on origin\n' })
  expect((await compareTags(clone.folder)).notCompared).toMatch(/is not committed, or not on origin/)
})

test('a last step with a new name, which origin does not know yet, is not compared', async () => {
  await course.build()
  const clone = course.clone()
  const text = String(clone.git('show', 'HEAD:steps/01-model/step.ts'))
  clone.commit('A step more', { 'steps/09-new/step.ts': `${text}\n` })
  expect((await compareTags(clone.folder)).notCompared).toMatch(/is not committed, or not on origin/)
})
