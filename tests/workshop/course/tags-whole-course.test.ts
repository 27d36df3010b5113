import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { areTagsStale } from '../../../workshop/course/tags.ts'
import { courseEnd, laid, stepNumbers } from '../../support/laid-steps.ts'
import { scratchFolder } from '../../support/server.ts'
import { courseIn, removeToyCourses, type ToyCourse } from '../../support/toy-course.ts'
import type { Ran } from '../../support/program.ts'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
let course: ToyCourse
let built: Ran
let tags: string[]

beforeAll(async () => {
  workshop = scratchWorkshop({ inside: join(scratchFolder('the workshop '), 'a copy'), ports: false, isBuilt: true })
  course = courseIn(workshop.folder)
  course.git('init', '--quiet', '--initial-branch=main')
  // Here the packages are a link, which the rule for a folder does not match.
  course.write('.git/info/exclude', 'node_modules\n')
  // The last step's own rule ignores migrations, those that came with it included.
  course.git('add', '--force', 'prisma/migrations')
  course.commit('The workshop')
  built = await workshop.run('steps', 'build')
  tags = Object.keys(course.ids())
})
afterAll(async () => {
  await workshop.remove()
  removeToyCourses()
})

test('steps build makes one tag for each folder in steps/', () => {
  expect(built).toMatchObject({ code: 0 })
  const folders = readdirSync(join(workshop.folder, 'steps')).filter((name) => /^\d/.test(name))
  expect(tags).toEqual(folders.sort().map((name) => `step-${name}`))
  expect(built.output).toContain(`The tags of ${tags.length} steps are built: ${tags[0]} … ${tags.at(-1)}`)
})

test('each tag holds prisma/ and seeds/ as the steps lay them, and the same rest', () => {
  for (const [i, tag] of tags.entries()) {
    const lines = course.git('ls-tree', '-r', '--full-tree', '-z', tag, 'prisma', 'seeds').split('\0').filter(Boolean)
    const held = lines.map((line) => /^100644 blob (\w+)\t(.*)$/.exec(line)!.slice(1))
    const files = Object.entries(laid(stepNumbers[i]!)).map(([path, text]) => [blobOf(text), path])
    expect(new Set(held)).toEqual(new Set(files))
    expect(course.git('diff', '--name-only', tag, 'main', '--', '.', ':!prisma', ':!seeds')).toBe('')
  }
})

/** The id that git gives to a file's content. */
function blobOf(text: string): string {
  const content = Buffer.from(text)
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

test('the last tag of the course is what stands at the top of the repository, and bonus steps come after it', () => {
  const last = stepNumbers.indexOf(courseEnd)
  expect(tags.slice(last + 1).length).toBeGreaterThan(0)
  expect(course.git('rev-parse', `${tags[last]}^{tree}`)).toBe(course.git('rev-parse', 'main^{tree}'))
})

test('a branch that begins at a tag has the tooling, and builds the same tags again', async () => {
  const ids = course.ids()
  course.git('switch', '--quiet', '-c', 'mine', tags[5]!)
  expect(course.git('status', '--porcelain')).toBe('')
  expect(await areTagsStale(course.folder)).toBe(false)
  const again = await workshop.door('steps', 'build')
  expect(again).toMatchObject({ code: 0 })
  expect(again.output).toContain('stand as they were')
  expect(course.ids()).toEqual(ids)
})

test('a clone builds the same ids, from another folder and without any file checked out', async () => {
  const clone = course.clone('--branch=main', '--no-checkout')
  await clone.build()
  expect(clone.ids()).toEqual(course.ids())
})

test('without git, and in an archive, the command says what is missing and ends with 1', async () => {
  const empty = scratchFolder()
  const withoutGit = await workshop.exec([process.execPath, 'workshop/run.mjs', 'steps', 'build'], {
    env: { PATH: empty },
  })
  expect(withoutGit).toMatchObject({ code: 1, output: expect.stringContaining('✗ git was not found.') })
  const archive = scratchWorkshop({ ports: false, isBuilt: true })
  const ran = await archive.run('steps', 'push').finally(() => archive.remove())
  expect(ran).toMatchObject({ code: 1, output: expect.stringContaining('✗ This folder is not a git repository.') })
})
