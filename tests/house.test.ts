import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { projectRoot } from '../workshop/world/project.ts'

const floors: Record<string, number> = {
  'cli.ts': 4,
  'run.mjs': 4,
  commands: 4,
  board: 4,
  course: 3,
  world: 2,
  plain: 1,
}

const files = readdirSync(join(projectRoot, 'workshop'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(m?ts|js)$/.test(file))
  .map((file) => file.split(sep).join('/'))

/** Each import of one file of workshop/ by another, as paths below workshop/. */
const imports = files.flatMap((file) => {
  const text = readFileSync(join(projectRoot, 'workshop', file), 'utf8')
  const paths = [...text.matchAll(/(?:from|import)\s*\(?'(\.{1,2}\/[^']+)'/g)].map((match) => match[1]!)
  return paths.map((path) => ({
    from: file,
    to: relative('/', join('/', dirname(file), path))
      .split(sep)
      .join('/'),
  }))
})

test('every file of the workshop stands in a room that has a floor', () => {
  expect(files.filter((file) => floorOf(file) === undefined)).toEqual([])
  expect(imports.length).toBeGreaterThan(50)
})

test('imports go down only', () => {
  expect(imports.filter(({ from, to }) => floorOf(to)! > floorOf(from)!)).toEqual([])
})

test('a door never imports a door, but for the one that opens them all', () => {
  const door = (file: string) => /^(commands\/|board\/board\.ts)/.test(file)
  expect(imports.filter(({ from, to }) => from !== 'cli.ts' && door(from) && door(to))).toEqual([])
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
  const documents = ['README.md', 'CONTRIBUTING.md']
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
