import { afterEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mayEnter } from '../../../workshop/databases/server-user.ts'
import { rootTest } from '../../support/conditions.ts'
import { must } from '../../support/measure.ts'
import { scratchFolder } from '../../support/server.ts'
import { madeWorkshop, scratchWorkshop, type Workshop } from '../../support/workshop.ts'

const nobody = 65534

let workshop: Workshop | undefined
const folders: string[] = []
afterEach(async () => {
  await workshop?.remove()
  workshop = undefined
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function expectAllToWork({ run, sql }: Workshop): Promise<void> {
  expect(await run('start')).toMatchObject({ code: 0 })
  expect(await run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
  expect(await run('seed', 'c26', '--env', 'prod')).toMatchObject({ code: 0 })
  expect(await sql('prod', 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 5 }])
}

test('all works in a path of more than 120 characters, with spaces in it', async () => {
  const outer = newFolder()
  const inside = join(outer, 'a folder with spaces', 'and a name that is long '.repeat(5).trim(), 'my workshop')
  expect(inside.length).toBeGreaterThan(120)
  workshop = scratchWorkshop({ inside, isBuilt: true })
  await expectAllToWork(workshop)
})

rootTest(
  'root can work in a folder that only root may enter; the data then lies beside it, and a link says where',
  async () => {
    const outer = newFolder()
    chmodSync(outer, 0o700)
    workshop = scratchWorkshop({ inside: join(outer, 'workshop'), isBuilt: true })
    await expectAllToWork(workshop)
    expect(realpathSync(workshop.file('.workshop/home'))).toContain('/var/lib/database-migrations-workshop/')
    expect(existsSync(workshop.file('.workshop/home/prod/PG_VERSION'))).toBe(true)
  },
)

rootTest('root’s servers run as the system user postgres', async () => {
  workshop = await madeWorkshop()
  await must(workshop.door('db', 'up', '--env', 'dev'))
  const users = execFileSync('ps', ['-eo', 'user:20,args'], { encoding: 'utf8' }).split('\n')
  const home = existsSync(workshop.file('.workshop/home'))
    ? realpathSync(workshop.file('.workshop/home'))
    : workshop.file('.workshop')
  expect(users.find((line) => line.includes(`${home}/dev`))).toMatch(/^postgres /)
})

rootTest('an ordinary user can do the same', async () => {
  const outer = newFolder()
  workshop = scratchWorkshop({ inside: join(outer, 'workshop'), isBuilt: true })
  const modules = realpathSync(workshop.file('node_modules'))
  if (!mayEnter({ uid: nobody, gid: nobody }, modules)) {
    rmSync(workshop.file('node_modules'))
    cpSync(modules, workshop.file('node_modules'), { recursive: true, verbatimSymlinks: true })
  }
  execFileSync('chown', ['-Rh', `${nobody}:${nobody}`, outer])
  const asNobody = (...args: string[]) =>
    workshop!.exec([process.execPath, 'workshop/run.mjs', ...args], { uid: nobody, env: { HOME: outer } })
  expect(await asNobody('start')).toMatchObject({ code: 0 })
  expect(await asNobody('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
  expect(await asNobody('seed', 'c26', '--env', 'prod')).toMatchObject({ code: 0 })
  expect(await workshop.sql('prod', 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 5 }])
  expect(await asNobody('db', 'down')).toMatchObject({ code: 0 })
})

/** A full disk is made with a small one of its own, which only root may mount. */
rootTest(
  'a full disk is reported as such, loses nothing that was committed, and the same command goes on after',
  async () => {
    workshop = scratchWorkshop()
    const disk = workshop.file('.workshop')
    mkdirSync(disk)
    const mount = (size: string, ...more: string[]) =>
      execFileSync('mount', ['-t', 'tmpfs', '-o', [`size=${size},mode=755`, ...more].join(','), 'tmpfs', disk])
    mount('30m')
    try {
      const start = await workshop.run('db', 'up')
      expect(start.code).toBe(1)
      expect(start.output).toContain('The disk is full')

      mount('400m', 'remount')
      expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
      expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
      const used = execFileSync('du', ['-sm', disk], { encoding: 'utf8' }).split('\t')[0]!
      mount(`${Number(used) + 20}m`, 'remount')
      const seed = await workshop.run('seed', 'c26', '--count', '300000', '--env', 'prod')
      expect(seed.code).not.toBe(0)
      expect(seed.output).toContain('The disk that holds PROD is full')

      mount('800m', 'remount')
      expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
      const [{ n }] = (await workshop.sql<{ n: number }>('prod', 'SELECT count(*)::int AS n FROM recruits')) as [
        { n: number },
      ]
      expect(n).toBeGreaterThan(0)
      expect(await workshop.run('seed', 'c26', '--count', String(n + 5), '--env', 'prod')).toMatchObject({ code: 0 })
      expect(await workshop.sql('prod', 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: n + 5 }])
    } finally {
      await workshop.run('db', 'down')
      execFileSync('umount', ['-l', disk])
    }
  },
  300_000,
)

function newFolder(): string {
  const folder = scratchFolder()
  folders.push(folder)
  return folder
}
