import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { collect, prisma } from '../../../kit/project/processes.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { ownCacheTest } from '../../support/conditions.ts'
import { scratchFolder } from '../../support/server.ts'
import { prismaCli } from '../../support/toy-project.ts'

let folder: string
beforeEach(() => {
  folder = scratchFolder('compile cache ')
  write('packages/.package-lock.json', '{}')
  for (const [path, text] of Object.entries(scripts)) write(`packages/${path}`, text)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const scripts: Record<string, string> = {
  'tool/package.json': '{ "name": "tool", "main": "main.js" }',
  'tool/main.js': `'use strict'
const part = require('./part')
const say = async () => {
  const beside = await import('./beside.mjs')
  const named = await import('inner')
  const text = "no import('of this')" /* nor import('of that') */
  console.log(part.sum(20, 22), beside.here, named.default, text, __filename.endsWith('main.js'), this === module.exports)
  console.log(require.main === module, require.resolve('inner').endsWith('index.js'), require.resolve.paths('x')[0])
}
say()
`,
  'tool/part.js': `exports.sum = (a, b) => a + b
exports.fail = () => {
  throw new Error('on purpose')
}
`,
  'tool/one-line.js': `exports.fail = () => { throw new Error('in one line') }`,
  'tool/throws.js': `const { fail } = require(process.argv[2])
try {
  fail()
} catch (error) {
  console.log(error.stack.split('\\n').slice(0, 2).join('\\n'))
}
fail()
`,
  'tool/beside.mjs': `export const here = import.meta.url.split('/').at(-1)\n`,
  'tool/node_modules/inner/package.json': '{ "name": "inner", "main": "index.js" }',
  'tool/node_modules/inner/index.js': `module.exports = 'a package of its own'\n`,
  'tool/odd.js': `for (const name of ['./only-cjs', './nowhere', '../tool/module.mjs', './module-in-js.js']) {
  try {
    console.log(name, Object.keys(require(name)))
  } catch (error) {
    console.log(name, error.code ?? error.name)
  }
}
`,
  'tool/only-cjs.cjs': 'exports.found = 1\n',
  'tool/module.mjs': 'export default 1\n',
  'tool/module-in-js.js': 'import "node:fs"\n',
}

const kept = () => join(folder, 'kept', `node-${process.version}-${process.arch}`)
const path = (name: string) => join(folder, 'packages', 'tool', name)

function write(name: string, text: string | Buffer): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

interface Ran {
  code: number | null
  output: string
  errors: string
}

/** Runs a script as Node does. */
function plain(script: string, ...args: string[]): Promise<Ran> {
  return run([path(script), ...args])
}

/** Runs it under the cache, as kit/engine/prisma.cjs runs Prisma's; `before` is JavaScript that comes first. */
function cached(script: string, args: string[] = [], before = ''): Promise<Ran> {
  write(
    'start.cjs',
    `${before}
    process.argv.splice(1, 1)
    require(${JSON.stringify(join(projectRoot, 'kit', 'engine', 'compile-cache.cjs'))})
      .enable(${JSON.stringify(join(folder, 'kept'))}, ${JSON.stringify(join(folder, 'packages'))})
    require('node:module').runMain(process.argv[1])`,
  )
  return run([join(folder, 'start.cjs'), path(script), ...args])
}

function run(argv: string[]): Promise<Ran> {
  const child = spawn(process.execPath, argv, { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })))
}

ownCacheTest(
  'the second start says the same, reads and compiles no script again, and leaves the kept file alone',
  async () => {
    const expected = await plain('main.js')
    expect(expected).toMatchObject({ code: 0, errors: '' })
    expect(expected.output).toContain(`42 beside.mjs a package of its own no import('of this') true`)
    expect(await cached('main.js')).toEqual(expected)
    const [bytes, { mtimeMs, ino }] = [readFileSync(kept()), statSync(kept())]

    const watch = `const fs = require('node:fs'), { Script } = require('node:vm'), read = fs.readFileSync, seen = []
    fs.readFileSync = (file, ...rest) => (seen.push(String(file)), read(file, ...rest))
    require('node:vm').Script = class extends Script {
      constructor(text, options) {
        super(text, options)
        seen.push(options.cachedData && !this.cachedDataRejected ? 'from the cache' : 'compiled ' + options.filename)
      }
    }
    process.on('exit', () => fs.writeFileSync('seen.json', JSON.stringify(seen)))`
    expect(await cached('main.js', [], watch)).toEqual(expected)
    const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')) as string[]
    expect(seen.filter((one) => one === 'from the cache')).toHaveLength(3)
    expect(seen.filter((one) => /^compiled |[\\/]tool[\\/](main|part)\.js$/.test(one))).toEqual([])
    expect(readFileSync(kept()).equals(bytes)).toBe(true)
    expect(statSync(kept())).toMatchObject({ mtimeMs, ino })
    expect(readdirSync(join(folder, 'kept'))).toHaveLength(1)
  },
)

ownCacheTest('a script that is another one since, and all of them after an install, are read again', async () => {
  await cached('main.js')
  const change = (text: string) => {
    write('packages/tool/part.js', text)
    utimesSync(path('part.js'), 1_700_000_000, 1_700_000_000)
  }
  change('exports.sum = (a, b) => a * b\n')
  expect((await cached('main.js')).output).toMatch(/^440 /)
  // Of the same size and time, as no editor writes it: nobody looks, until npm says that it has installed something.
  change('exports.sum = (a, b) => a - b\n')
  expect((await cached('main.js')).output).toMatch(/^440 /)
  write('packages/.package-lock.json', '{ "packages": {} }')
  expect((await cached('main.js')).output).toMatch(/^-2 /)
})

describe('the output is that of a plain start, and the command ends well, with', () => {
  const damages: Record<string, () => void> = {
    'a kept file that is cut off': () => truncateSync(kept(), statSync(kept()).size - 1000),
    'one that is cut off in its head': () => truncateSync(kept(), 22),
    'an empty one': () => truncateSync(kept(), 0),
    'one of noise': () => writeFileSync(kept(), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))),
    'one with a byte that is another': () => {
      const bytes = readFileSync(kept())
      bytes[bytes.length - 300]! ^= 1
      writeFileSync(kept(), bytes)
    },
    'one of another Node': () => {
      // V8 writes its version and its flags in front of what it keeps.
      const bytes = readFileSync(kept())
      const magic = new Script('1').createCachedData().subarray(0, 8)
      for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) bytes[at + 4]! ^= 255
      bytes.set(createHash('sha1').update(bytes.subarray(20)).digest())
      writeFileSync(kept(), bytes)
    },
    'a folder where the file should be': () => {
      rmSync(kept())
      mkdirSync(kept())
    },
    'a folder that cannot be written': () => {
      rmSync(join(folder, 'kept'), { recursive: true })
      writeFileSync(join(folder, 'kept'), 'a file')
    },
  }

  for (const [name, damage] of Object.entries(damages)) {
    ownCacheTest(name, async () => {
      const expected = await cached('main.js')
      damage()
      const before = readdirSync(folder)
      expect(await cached('main.js')).toEqual(expected)
      expect(readdirSync(folder)).toEqual(before)
    })
  }

  ownCacheTest('what is damaged is whole again afterwards', async () => {
    await cached('main.js')
    const { size } = statSync(kept())
    for (const damage of ['an empty one', 'one of another Node']) {
      damages[damage]!()
      const { ino: damaged } = statSync(kept())
      await cached('main.js')
      const { ino } = statSync(kept())
      expect([damage, ino === damaged]).toEqual([damage, false])
      expect(statSync(kept()).size).toBeGreaterThan(size * 0.9)
      await cached('main.js')
      expect([damage, statSync(kept()).ino]).toEqual([damage, ino])
    }
  })
})

ownCacheTest('four at once do no harm, and leave one file that is whole', async () => {
  const expected = await plain('main.js')
  await cached('one-line.js')
  rmSync(join(folder, 'kept'), { recursive: true })
  const together = await Promise.all(Array.from({ length: 4 }, () => run([join(folder, 'start.cjs'), path('main.js')])))
  expect(together).toEqual(together.map(() => expected))
  expect(readdirSync(join(folder, 'kept'))).toHaveLength(1)
  const { ino } = statSync(kept())
  expect(await cached('main.js')).toEqual(expected)
  expect(statSync(kept()).ino).toBe(ino)
})

for (const name of ['./part', './one-line']) {
  ownCacheTest(`what throws in ${name} has its own file, line and column, both times`, async () => {
    const expected = await plain('throws.js', name)
    expect(expected).toMatchObject({ code: 1, output: expect.stringContaining(`${path(name)}.js:`) })
    const stack = (errors: string) => errors.slice(errors.indexOf('\nError: ')).split('\n').slice(1, 3)
    expect(stack(expected.errors)[1]).toContain(`${path(name)}.js:`)
    for (const start of ['first', 'second']) {
      const { code, output, errors } = await cached('throws.js', [name])
      expect({ start, code, output }).toEqual({ start, code: 1, output: expected.output })
      expect(stack(errors)).toEqual(stack(expected.errors))
    }
  })
}

ownCacheTest('what Node does not find stays so, and modules are what they are', async () => {
  const expected = await plain('odd.js')
  expect(expected.output).toContain('./only-cjs MODULE_NOT_FOUND\n./nowhere MODULE_NOT_FOUND\n')
  expect((await cached('odd.js')).output).toBe(expected.output)
  expect((await cached('odd.js')).output).toBe(expected.output)
})

test('Prisma’s own command line says under it what it says without', async () => {
  const help = [...prismaCli, '--help']
  const plainly = await collect(help)
  const [first, second] = [await collect([...prisma, '--help']), await collect([...prisma, '--help'])]
  expect(plainly).toMatchObject({ code: 0, output: expect.stringContaining('migrate   Migrate your database') })
  expect([first, second]).toEqual([plainly, plainly])
})
