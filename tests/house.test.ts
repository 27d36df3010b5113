import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { projectRoot } from '../kit/project/project.ts'

/** Rooms, and files that stand in none of them. */
const floors: Record<string, number> = {
  'run.mjs': 4,
  'entry.mjs': 4,
  'guard-hook.mjs': 4,
  'migration-guard.mjs': 4,
  'prisma.cjs': 4,
  'cli.ts': 4,
  commands: 4,
  board: 4,
  course: 3,
  'build.mjs': 2,
  'build.d.mts': 2,
  'source-names.mjs': 2,
  'compile-cache.cjs': 2,
  'wasm-tiering.cjs': 2,
  'warm-engines.cjs': 2,
  world: 2,
  plain: 1,
}

const files = readdirSync(join(projectRoot, 'workshop'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.[cm]?[jt]s$/.test(file))
  .map((file) => file.split(sep).join('/'))

/** Each import of one file of workshop/ by another, as paths below workshop/: `load('cli')` imports what was compiled. */
const imports = files.flatMap((file) => {
  const text = readFileSync(join(projectRoot, 'workshop', file), 'utf8')
  const near = [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)]
  const paths = near.map((match) =>
    relative('/', join('/', dirname(file), match[1]!))
      .split(sep)
      .join('/'),
  )
  const loaded = [...text.matchAll(/\bload\('([^']+)'\)/g)].map((match) => `${match[1]}.ts`)
  return [...paths, ...loaded].map((to) => ({ from: file, to }))
})

test('every file of the workshop stands in a room that has a floor, and every floor is in use', () => {
  expect(files.filter((file) => floorOf(file) === undefined)).toEqual([])
  expect(Object.keys(floors).filter((room) => !files.some((file) => file.split('/')[0] === room))).toEqual([])
})

test('imports are found in files of every kind, and lead to files that are there', () => {
  expect(imports.length).toBeGreaterThan(50)
  expect(new Set(imports.map(({ from }) => extname(from)))).toEqual(new Set(['.ts', '.js', '.mjs', '.cjs']))
  expect(imports.filter(({ to }) => !to.startsWith('node_modules/') && !files.includes(to))).toEqual([])
})

test('imports go down only', () => {
  expect(imports.filter(({ from, to }) => floorOf(to)! > floorOf(from)!)).toEqual([])
})

test('a door never imports a door, but for the one that opens them all', () => {
  const door = (file: string) => /^(commands\/|board\/board\.ts)/.test(file)
  expect(imports.filter(({ from, to }) => door(from) && door(to))).toEqual([])
})

test('nothing in the workshop imports the learner’s own rooms', () => {
  const outside = imports.filter(({ to }) => floorOf(to) === undefined && !to.startsWith('node_modules/'))
  expect(outside).toEqual([])
})

test('all of Prisma has one exact version', () => {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const names = Object.keys(dependencies).filter((name) => /^(@prisma\/|prisma$)/.test(name))
  const versions = new Set(names.map((name) => dependencies[name].split('-')[0]))
  expect([...versions]).toEqual(['7.10.0'])
})

test('every command that a document names is a script of package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const documents = ['README.md', 'CONTRIBUTING.md', 'WALKTHROUGH.md']
  const named = documents.flatMap((document) =>
    [...readFileSync(join(projectRoot, document), 'utf8').matchAll(/npm run ([a-z][\w:-]*)/g)].map(
      (match) => match[1]!,
    ),
  )
  expect(named.filter((script) => !(script in scripts))).toEqual([])
  expect(named.length).toBeGreaterThan(5)
})

function floorOf(file: string): number | undefined {
  return floors[file.split('/')[0]!]
}
