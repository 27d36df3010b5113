import { afterEach, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { rootTest } from '../../support/conditions.ts'
import { scratchFolder } from '../../support/server.ts'
import { courseIn } from '../../support/toy-course.ts'
import { start } from '../../support/program.ts'
import { scratchWorkshop, workshopIn, type Workshop } from '../../support/workshop.ts'

// workshop/ is compiled once, into .workshop/built/, and a command runs what was compiled.

const opened: Workshop[] = []
afterEach(async () => {
  for (const workshop of opened.splice(0)) await workshop.remove()
})

function fresh(inside?: string): Workshop {
  const workshop = scratchWorkshop(inside === undefined ? {} : { inside })
  opened.push(workshop)
  return workshop
}

const url = /^DEV {3}postgresql:.*\nPROD {2}postgresql:.*\n$/

function builds({ file }: Workshop): string[] {
  return existsSync(file('.workshop/built')) ? readdirSync(file('.workshop/built')) : []
}

const source = 'workshop/commands/db.ts'

/** Makes `db url` begin with this line. */
function edit(workshop: Workshop, line: string): void {
  workshop.write(source, `${line}\n${readFileSync(workshop.file(source), 'utf8')}`)
}

test('the second command takes what the first one compiled', async () => {
  const workshop = fresh()
  expect(await workshop.run('db', 'url')).toEqual({ code: 0, output: expect.stringMatching(url) })
  const [built] = builds(workshop)
  const cli = workshop.file(`.workshop/built/${built}/workshop/cli.mjs`)
  workshop.write(`.workshop/built/${built}/workshop/cli.mjs`, `console.log('compiled');${readFileSync(cli, 'utf8')}`)
  expect((await workshop.run('db', 'url')).output).toMatch(/^compiled\n/)
  expect(builds(workshop)).toEqual([built])
})

test('two first commands at once both work, and leave one build', async () => {
  const workshop = fresh()
  const both = await Promise.all([workshop.run('db', 'url'), workshop.run('db', 'url')])
  for (const ran of both) expect(ran).toEqual({ code: 0, output: expect.stringMatching(url) })
  expect(builds(workshop)).toHaveLength(1)
})

test('an edited source is compiled anew, and a command that runs goes on with what it began with', async () => {
  const workshop = fresh()
  // It says that it has begun, waits for a word, and only then loads another part of the build.
  edit(
    workshop,
    "console.log('begun'); await new Promise((go) => process.stdin.once('data', go)); await import('./release.ts')",
  )
  const running = start(workshop.folder, [process.execPath, 'workshop/run.mjs', 'db', 'url'], {})
  const ended = once(running, 'close')
  const said = text(running.stdout!)
  await once(running.stdout!, 'readable')
  edit(workshop, "console.log('edited'); process.exit()")
  expect((await workshop.run('db', 'url')).output).toBe('edited\n')
  expect(builds(workshop)).toHaveLength(2)
  running.stdin!.end('go on\n')
  expect(await ended).toEqual([0, null])
  expect(await said).toMatch(/^begun\nDEV/)
})

test('what a command starts runs the same build, whatever was edited meanwhile; behind a shell, each looks for itself', async () => {
  const workshop = fresh()
  edit(
    workshop,
    `import { spawnSync } from 'node:child_process'
    import { appendFileSync } from 'node:fs'
    if (!process.env['CHILD']) {
      appendFileSync('${source}', "console.log('edited')")
      const command = ['workshop/run.mjs', 'db', 'url']
      const behind = \`require('node:child_process').spawnSync(process.execPath, \${JSON.stringify(command)}, { stdio: 'inherit' })\`
      for (const argv of [command, ['-e', behind]])
        console.log(spawnSync(process.execPath, argv, { env: { ...process.env, CHILD: 'yes' } }).stdout.includes('edited'))
    }`,
  )
  expect((await workshop.run('db', 'url')).output).toMatch(/^false\ntrue\nDEV/)
  expect(builds(workshop)).toHaveLength(2)
})

test('a build that was cut off half-way is neither used nor in the way', async () => {
  const workshop = fresh()
  await workshop.run('db', 'url')
  const [built] = builds(workshop)
  const half = workshop.file(`.workshop/built/${built}.1`)
  renameSync(workshop.file(`.workshop/built/${built}`), half)
  rmSync(join(half, 'workshop', 'cli.mjs'))
  expect(await workshop.run('db', 'url')).toEqual({ code: 0, output: expect.stringMatching(url) })
})

test('a clone that was moved works on its own folder, and so does its copy', async () => {
  const outer = scratchFolder()
  await scratchWorkshop({ inside: join(outer, 'before') }).run('db', 'url')
  renameSync(join(outer, 'before'), join(outer, 'after'))
  cpSync(join(outer, 'after'), join(outer, 'copy'), { recursive: true, verbatimSymlinks: true })
  for (const [name, port] of [
    ['after', 11_111],
    ['copy', 22_222],
  ] as const) {
    const moved = workshopIn(join(outer, name))
    moved.write('.env.dev.local', `DATABASE_URL=postgresql://dev:dev@127.0.0.1:${port}/dev\n`)
    expect((await moved.run('db', 'url')).output).toContain(`:${port}/dev`)
    expect(builds(moved)).toHaveLength(1)
  }
  rmSync(outer, { recursive: true, force: true })
})

test.each([
  ['with spaces and accents', 'a folder été & more'],
  ['of 120 characters', 'f'.repeat(120)],
])('a folder %s is no hindrance', async (_, name) => {
  const workshop = fresh(join(scratchFolder(), name))
  expect(await workshop.run('db', 'url')).toEqual({ code: 0, output: expect.stringMatching(url) })
  expect(builds(workshop)).toHaveLength(1)
})

test('git switch to another commit and back runs the tooling of each', async () => {
  const workshop = fresh()
  const { git, commit } = courseIn(workshop.folder)
  git('init', '--quiet', '--initial-branch=main')
  commit('One')
  git('switch', '--quiet', '--create', 'other')
  edit(workshop, "console.log('other')")
  commit('Another')
  expect((await workshop.run('db', 'url')).output).toMatch(/^other\n/)
  git('switch', '--quiet', 'main')
  expect((await workshop.run('db', 'url')).output).toMatch(url)
  git('switch', '--quiet', 'other')
  expect((await workshop.run('db', 'url')).output).toMatch(/^other\n/)
  expect(builds(workshop)).toHaveLength(2)
})

test('a stack names the .ts file and its line', async () => {
  const workshop = fresh()
  edit(workshop, "function deep(): never {\n  throw new TypeError('on purpose')\n}\ndeep()")
  const { code, output } = await workshop.run('db', 'url')
  expect(code).toBe(1)
  expect(output).toContain('TypeError: on purpose')
  expect(output).toContain(`${workshop.file(source)}:2:9`)
})

test('a source with a syntax error is named, with its line', async () => {
  const workshop = fresh()
  workshop.write('kit/terminal/problem.ts', 'export class {\n')
  const { code, output } = await workshop.run('db', 'url')
  expect(code).toBe(1)
  expect(output).toMatch(/terminal\/problem\.ts:1:\d+: ERROR/)
})

rootTest('in a folder that cannot be written, the sources run as they stand', async () => {
  const workshop = fresh()
  const nobody = 65_534
  chmodSync(workshop.file('workshop/run.mjs'), 0o644)
  const ran = await workshop.exec([process.execPath, 'workshop/run.mjs', 'db', 'url'], { uid: nobody })
  expect(ran).toEqual({ code: 0, output: expect.stringMatching(url) })
  expect(builds(workshop)).toEqual([])
})

rootTest('on a full disk, the sources run as they stand', async () => {
  const workshop = fresh()
  mkdirSync(workshop.file('.workshop'))
  const disk = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', workshop.file('.workshop')]
  expect(spawnSync('mount', disk, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  try {
    expect(await workshop.run('db', 'url')).toEqual({ code: 0, output: expect.stringMatching(url) })
    expect(builds(workshop)).toEqual([])
  } finally {
    spawnSync('umount', ['-l', workshop.file('.workshop')])
  }
})
