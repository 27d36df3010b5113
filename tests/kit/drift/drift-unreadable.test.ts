import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdirSync, rmSync } from 'node:fs'
import { driftBed, words, type DriftBed } from './drift-bed.ts'
import { openLine } from '../../support/slow-line.ts'
import { laid } from '../../support/laid-steps.ts'

let bed: DriftBed
beforeAll(async () => {
  bed = await driftBed()
})
beforeEach(() => bed.reset())
afterAll(() => bed?.remove())

const folder = (name: string) => bed.file(`prisma/migrations/${name}`)
const screen = async () => (await bed.door('drift')).output

describe('what cannot be read is said, and the rest still works', () => {
  test('a syntax error in schema.prisma, with its line', async () => {
    bed.write(
      'prisma/schema.prisma',
      laid(10)['prisma/schema.prisma']!.replace('model Recruit {', 'model Recruit {\n  oops'),
    )
    const { state, layers, link } = await bed.report()
    expect(state).toBe('error')
    expect(layers.find(({ name }) => name === 'schema')!.problem!.message).toMatch(
      /^prisma\/schema\.prisma cannot be read: line \d+\.$/,
    )
    expect(link('dev').isInSync).toBe(true)
    expect(await screen()).toMatch(/✗ schema → migrations +prisma\/schema\.prisma cannot be read: line \d+\./)
  })

  test('a migration without its file, and one that fails in an empty database', async () => {
    mkdirSync(folder('20990101000000_empty'))
    const missing = await bed.report()
    expect(missing.layers.find(({ name }) => name === 'migrations')!.problem!.message).toBe(
      'The migration 20990101000000_empty cannot be read.',
    )
    rmSync(folder('20990101000000_empty'), { recursive: true })
    bed.migration('20990101000000_broken', 'ALTER TABLE nowhere ADD COLUMN x TEXT;\n')
    const broken = await bed.report()
    expect(broken.layers.find(({ name }) => name === 'migrations')!.problem).toMatchObject({
      message: 'The migration 20990101000000_broken fails when all are replayed from empty.',
      why: 'PostgreSQL says: relation "nowhere" does not exist.',
    })
    expect(broken.link('prod').differences).toEqual([])
    expect(words(broken.link('prod'))).toContain('migration 20990101000000_broken is pending')
  })

  test('a client that was never generated', async () => {
    rmSync(bed.file('prisma/generated'), { recursive: true })
    const { layers } = await bed.report()
    expect(layers.find(({ name }) => name === 'client')!.problem).toMatchObject({
      message: 'Prisma Client is not generated.',
    })
  })

  test('one server down, then both: what was replayed before is known without them', async () => {
    expect((await bed.report()).state).toBe('same')
    expect(await bed.door('db', 'down', '--env', 'prod')).toMatchObject({ code: 0 })
    const one = await bed.report()
    expect(one.state).toBe('error')
    expect(one.layers.find(({ name }) => name === 'prod')!.problem!.message).toBe('PROD is not there.')
    expect(one.link('dev').isInSync).toBe(true)
    expect(await bed.door('db', 'down')).toMatchObject({ code: 0 })
    const both = await bed.report()
    expect(both.layers.filter(({ problem }) => problem).map(({ name }) => name)).toEqual(['dev', 'prod'])
    expect(both.link('migrations').isInSync).toBe(true)
    bed.migration('20990101000000_new', 'SELECT 1;\n')
    const unknown = (await bed.report()).layers.find(({ name }) => name === 'migrations')!
    expect(unknown.problem!.message).toBe('The migrations cannot be replayed without DEV.')
    expect((await bed.door('drift')).output).toContain('npm run db up')
    expect(await bed.door('db', 'up')).toMatchObject({ code: 0 })
  })

  test('a server that goes away in the middle is named, and the other one is shown', async () => {
    const prod = new URL(bed.url('prod'))
    let answers = 0
    const line = await openLine(prod, (answer, to) => void (++answers > 9 ? to.destroy() : to.write(answer)))
    prod.port = String(line.port)
    bed.write('.env.prod.local', `DATABASE_URL=${prod.href}\n`)
    try {
      const { state, layers, link } = await bed.report()
      expect(state).toBe('error')
      expect(layers.find(({ name }) => name === 'prod')!.problem).toMatchObject({
        message: 'The database did not answer to the end.',
      })
      expect(link('dev').isInSync).toBe(true)
    } finally {
      line.close()
    }
  })
})
