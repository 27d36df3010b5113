import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { areTagsStale, ensureTags } from '../../../workshop/course/tags.ts'
import { removeToyCourses, stepText, toyCourse, toyTags } from '../../support/toy-course.ts'

const silent = () => {}
afterAll(removeToyCourses)

describe('the tags of the steps', () => {
  test('are annotated, lie on an orphan chain, and read as the story', async () => {
    const course = toyCourse()
    await course.build()
    expect(Object.keys(course.ids())).toEqual(toyTags)
    expect(toyTags.map((tag) => course.git('cat-file', '-t', tag))).toEqual(['tag', 'tag', 'tag', 'tag'])
    expect(course.git('log', '--format=%s', 'step-03-rename').split('\n')).toEqual([
      'Another seed',
      'Drift, by hand',
      'The model',
      'A blank start',
    ])
    expect(course.git('log', '-1', '--format=%b', 'step-01-model')).toBe('- Write the model.\n- Look – at it.')
    expect(course.git('log', '-1', '--format=%aI %cI', 'step-02-typed-by-hand')).toBe(
      '2025-01-06T02:00:00+00:00 2025-01-06T02:00:00+00:00',
    )
    expect(course.git('rev-list', '--max-parents=0', 'step-03-rename')).toBe(
      course.git('rev-parse', 'step-00-start^{}'),
    )
    expect(course.git('for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/workshop')).toBe('refs/heads/main')
    expect(course.git('fsck', '--strict')).toBe('')
  })

  test('tell what a bare checkout does not move, and which commit they were built from', async () => {
    const course = toyCourse()
    await course.build()
    const message = course.git('tag', '--list', '--format=%(contents)', 'step-01-model')
    expect(message).toMatch(/bare "git checkout step-01-model" moves the files only/)
    expect(message).toMatch(/not move the databases, and it does not generate the client/)
    expect(message).toContain(`Workshop-Source: ${course.git('rev-parse', 'main')}`)
  })

  test('hold a whole repository each, whose prisma/ and seeds/ are the step’s and nothing else', async () => {
    const course = toyCourse()
    await course.build()
    course.git('-c', 'core.quotePath=false', 'switch', '--quiet', '-c', 'mine', 'step-01-model')
    expect(course.git('status', '--porcelain')).toBe('')
    expect(readFileSync(join(course.folder, 'workshop', 'tool.ts'), 'utf8')).toBe('export {}\n')
    expect(course.git('-c', 'core.quotePath=false', 'ls-files', 'prisma', 'seeds').split('\n')).toEqual([
      'prisma/schema.prisma',
      'seeds/été 25.ts',
    ])
    expect(course.git('diff', '--stat', 'step-01-model', 'main', '--', '.', ':!prisma', ':!seeds')).toBe('')
  })

  test('differ from each other by what the step changes', async () => {
    const course = toyCourse()
    await course.build()
    const changed = (from: string, to: string) =>
      course.git('-c', 'core.quotePath=false', 'diff', '--name-status', '--no-renames', from, to)
    expect(changed(toyTags[0]!, toyTags[1]!)).toBe('M\tprisma/schema.prisma')
    expect(changed(toyTags[1]!, toyTags[2]!)).toBe('')
    expect(changed(toyTags[2]!, toyTags[3]!)).toBe('A\tseeds/c26.ts\nD\tseeds/été 25.ts')
  })

  test('that moved are told with their old and new ids; one whose step is gone is taken away', async () => {
    const course = toyCourse()
    await course.build()
    const before = course.ids()
    course.git('rm', '--quiet', '-r', 'steps/03-rename')
    course.commit('Mend a step', {
      'steps/02-typed-by-hand/step.ts': stepText('Drift, typed', ['Type it.']),
      'steps/04-end/step.ts': stepText('The end', ['Rest.']),
    })
    const { said, changes } = await course.build()
    const after = course.ids()
    expect(Object.keys(after)).toEqual([...toyTags.slice(0, 3), 'step-04-end'])
    const tag = 'step-02-typed-by-hand'
    expect(said.join('\n')).toContain(`${tag} moved: ${before[tag]!.slice(0, 10)} → ${after[tag]!.slice(0, 10)}`)
    expect(said.join('\n')).toMatch(/step-03-rename is gone/)
    expect(changes).toContainEqual({ name: 'step-04-end', is: after['step-04-end'] })
  })

  test('stand as they are, and nothing is said to have moved, when only the source’s commit is another', async () => {
    const course = toyCourse()
    await course.build()
    const before = course.ids()
    course.commit('Write a migration', { 'prisma/migrations/20250601_mine/migration.sql': 'SELECT 1;\n' })
    course.git('commit', '--quiet', '--amend', '--no-edit', '--reset-author')
    const { changes } = await course.build('HEAD')
    expect({ changes, ids: course.ids() }).toEqual({ changes: [], ids: before })
  })
})

describe('npm start', () => {
  test('builds missing tags, then has nothing to do until the source moves or a tag is lost', async () => {
    const course = toyCourse()
    const did = async () => (await ensureTags(silent, course.folder)).did
    expect(await did()).toBe('built')
    expect(await did()).toBe('nothing')
    course.git('tag', '--delete', 'step-01-model')
    expect(await did()).toBe('built')
    course.commit('Change the tool', { 'workshop/tool.ts': 'export const a = 1\n' })
    expect(await areTagsStale(course.folder)).toBe(true)
    expect(await did()).toBe('built')
    expect(await did()).toBe('nothing')
  })

  test('does nothing after a learner’s own commits, on main and on a branch that began at a tag', async () => {
    const course = toyCourse()
    await course.build()
    course.commit('My model', { 'prisma/schema.prisma': 'model Mine\n' })
    expect(await areTagsStale(course.folder)).toBe(false)
    course.git('switch', '--quiet', '-c', 'mine', 'step-02-typed-by-hand')
    course.commit('My seed', { 'seeds/c27.ts': 'mine\n' })
    expect(await areTagsStale(course.folder)).toBe(false)
  })
})
