import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { boardWorkshop, listenTo, startBoard, type Listener, type RunningBoard } from '../../support/board.ts'
import { signalTest } from '../../support/conditions.ts'
import { through } from '../../support/slow-line.ts'
import type { Workshop } from '../../support/workshop.ts'

let workshop: Workshop
let board: RunningBoard
beforeAll(async () => {
  workshop = await boardWorkshop()
  board = await startBoard(workshop)
})
afterAll(async () => {
  await board?.stop()
  await workshop?.remove()
})

const layer = (listener: Listener, name: string) => listener.latest()!.view.layers.find((one) => one.name === name)!

describe('who may ask', () => {
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number; body: string; headers: Record<string, unknown> }>((resolve, reject) => {
      const asking = request(`${board.url}${path}`, { method, headers }, (response) => {
        let body = ''
        response.on('data', (chunk) => (body += chunk))
        response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }))
      })
      asking.once('error', reject).end()
    })

  test('only its own names are answered, and each answer allows nothing from elsewhere', async () => {
    const page = await ask('/')
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(await ask('/', { host: new URL(board.url).host.replace('127.0.0.1', 'localhost') })).toMatchObject({
      status: 200,
    })
    for (const host of ['evil.example', `evil.example:${new URL(board.url).port}`, '127.0.0.1']) {
      const refused = await ask('/events', { host })
      expect(refused.status).toBe(403)
      expect(refused.body).toContain(board.url)
    }
  })

  test('a request that another page has started is refused', async () => {
    for (const origin of ['http://evil.example', 'null', board.url.replace('127.0.0.1', 'localhost')]) {
      expect(await ask('/events', { origin })).toMatchObject({ status: 403 })
    }
    expect(await ask('/', { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 })
    expect(await ask('/', { origin: board.url })).toMatchObject({ status: 200 })
  })

  test('it only shows, and only its own files', async () => {
    expect(await ask('/', {}, 'POST')).toMatchObject({ status: 405 })
    for (const path of [
      '/server.ts',
      '/../server.ts',
      '/%2e%2e/.env.prod',
      '/.env.prod',
      '/node_modules/pg/package.json',
    ])
      expect(await ask(path)).toMatchObject({ status: 404 })
  })

  test('only its own page may ask it to note something, and only what it knows', async () => {
    const post = async (path: string, headers: Record<string, string>, body = '{}') => {
      const answer = await fetch(`${board.url}${path}`, { method: 'POST', headers, body })
      return answer.status
    }
    const own = { origin: board.url, 'content-type': 'application/json' }
    expect(await ask('/hint', { 'content-type': 'application/json' }, 'POST')).toMatchObject({ status: 403 })
    expect(await post('/hint', { ...own, origin: 'http://evil.example' })).toBe(403)
    expect(await post('/hint', { ...own, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await post('/hint', { ...own, 'content-type': 'text/plain' })).toBe(415)
    expect(await post('/predict', own, 'x'.repeat(2_000))).toBe(413)
    expect(await post('/predict', own, 'null')).toBe(400)
    expect(await post('/predict', own, '{"question":"99-none","choice":"a"}')).toBe(409)
    expect(await ask('/hint', { origin: board.url }, 'DELETE')).toMatchObject({ status: 405 })
    expect(
      existsSync(workshop.file('progress.txt')) ? readFileSync(workshop.file('progress.txt'), 'utf8') : '',
    ).not.toMatch(/hint|predict/)
  })

  test('nobody but this computer reaches it', async () => {
    const others = Object.values(networkInterfaces()).flatMap((some) => some ?? [])
    for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      await expect(fetch(board.url.replace('127.0.0.1', address))).rejects.toThrow('fetch failed')
    }
  })

  test('a port that is taken is said, with what to type', async () => {
    const { port } = new URL(board.url)
    const { code, output } = await workshop.run('board', '--port', port)
    expect(code).toBe(1)
    expect(output).toContain(`The board cannot have port ${port}.`)
    expect(output).toContain('npm run board -- --port 0')
    expect((await workshop.door('board', '--port', 'http')).output).toContain('"http" is not a port.')
    expect((await workshop.npm('run', 'board', '--port', '4000')).output).toContain('npm run board -- --port 4000')
  })
})

describe('how it looks', () => {
  test('while nobody listens it does not look at all, and between two looks it holds no connection', async () => {
    // One session of our own, which is not counted again.
    const client = new pg.Client(workshop.url('prod'))
    await client.connect()
    const sessions = async () => {
      const { rows } = await client.query<{ n: number }>(
        'SELECT sessions::int AS n FROM pg_stat_database WHERE datname = current_database()',
      )
      return rows[0]!.n
    }
    try {
      const listener = await listenTo(board.url)
      await listener.see(({ step }) => step !== undefined)
      const before = await sessions()
      const held = []
      while ((await sessions()) < before + 4) {
        const { rows } = await client.query(
          `SELECT pid FROM pg_stat_activity WHERE datname = 'prod' AND pid <> pg_backend_pid() AND backend_start < now() - interval '2 s' AND backend_type = 'client backend'`,
        )
        held.push(...rows)
        await sleep(25)
      }
      listener.leave()
      expect(held).toEqual([])

      // The last look may still be under way. Then there is none in a time in which there would be some.
      const patience = Date.now() + 30_000
      for (let last = -1, now = await sessions(); now !== last; [last, now] = [now, await sessions()]) {
        expect(Date.now()).toBeLessThan(patience)
        await sleep(2_000)
      }
    } finally {
      await client.end()
    }
  })

  test('nothing is written on PROD’s server, whatever is shown', async () => {
    const moment = () => workshop.sql('prod', 'SELECT pg_current_snapshot()::text AS moment')
    const before = await moment()
    const listener = await listenTo(board.url)
    workshop.write('prisma/migrations/20990101000000_next/migration.sql', 'ALTER TABLE recruits ADD COLUMN x TEXT;\n')
    await listener.see(({ view }) => view.headline.includes('PROD waits for 1 migration.'))
    rmSync(workshop.file('prisma/migrations/20990101000000_next'), { recursive: true })
    await listener.see(({ view }) => view.state === 'same')
    listener.leave()
    expect(await moment()).toEqual(before)
  })

  test('it is never in the way of a rename, a reset or a lock', async () => {
    const listener = await listenTo(board.url)
    await listener.see(({ view }) => view.state === 'same')
    for (let i = 0; i < 3; i++) {
      const fresh = await workshop.door('db', 'fresh')
      expect(fresh).toMatchObject({ code: 0 })
      const [, name = ''] = /kept as (prod\S+)/.exec(fresh.output) ?? []
      expect(await workshop.door('db', 'restore', name)).toMatchObject({ code: 0 })
      expect(await workshop.door('db', 'reset')).toMatchObject({ code: 0 })
    }
    await listener.see(({ view }) => view.cohorts.some(({ prod }) => prod === 5))
    // Somebody at a prompt holds a lock: the picture comes all the same, and is whole again afterwards.
    const prompt = new pg.Client(workshop.url('dev'))
    await prompt.connect()
    try {
      await prompt.query('BEGIN; LOCK TABLE recruits')
      workshop.write('prisma/migrations/20990101000000_next/migration.sql', 'SELECT 1;\n')
      await listener.see(({ view }) => view.headline.includes('PROD waits for 1 migration.'))
      rmSync(workshop.file('prisma/migrations/20990101000000_next'), { recursive: true })
      await prompt.query('ALTER TABLE recruits ADD COLUMN late TEXT; COMMIT')
    } finally {
      await prompt.end()
    }
    await listener.see(({ view }) => view.links.some(({ lines }) => lines.some(({ words }) => words.includes('late'))))
    await workshop.sql('dev', 'ALTER TABLE recruits DROP COLUMN late')
    await listener.see(({ view }) => view.state === 'same')
    listener.leave()
    expect(board.output()).not.toMatch(/Error|at .*\.ts/)
  })
})

describe('servers that are not well', () => {
  test('both down, one after the other, and there again by themselves', async () => {
    const listener = await listenTo(board.url)
    await listener.see(({ view }) => view.state === 'same')
    expect(await workshop.door('db', 'down', '--env', 'prod')).toMatchObject({ code: 0 })
    const { view } = await listener.see((one) => one.view.headline.includes('PROD is not there.'))
    expect(layer(listener, 'prod').problem!.next).toBe('npm run db up')
    expect(view.migrations.map(({ dev, prod }) => [dev, prod])).toContainEqual(['applied', 'not known'])
    expect(await workshop.door('db', 'down')).toMatchObject({ code: 0 })
    await listener.see((one) => one.view.headline.includes('DEV is not there.'))
    expect(layer(listener, 'migrations').state).toBe('same')
    expect(await workshop.door('db', 'up')).toMatchObject({ code: 0 })
    const { news } = await listener.see((one) => one.view.state === 'same')
    expect(news.map(({ words }) => words)).toEqual(
      expect.arrayContaining(['PROD is there again.', 'DEV is there again.']),
    )
    listener.leave()
  })

  test('a slow one is named, and DEV is followed all the same', async () => {
    const listener = await listenTo(board.url)
    await through(workshop, 'prod', 2_000, async () => {
      await listener.see(({ view }) => view.headline.includes('PROD answers slowly.'))
      await workshop.sql('dev', 'ALTER TABLE recruits ADD COLUMN chort TEXT')
      await listener.see(({ view }) => view.headline.includes('DEV is not what its migrations made.'))
      // A look that is cut off in between says something else for a moment.
      await listener.see(() => layer(listener, 'prod').problem?.next.includes('npm run drift') === true)
    })
    await workshop.sql('dev', 'ALTER TABLE recruits DROP COLUMN chort')
    const last = await listener.see(({ view }) => view.state === 'same')
    expect(last.view.layers.map(({ problem }) => problem)).not.toContainEqual(expect.anything())
    listener.leave()
  })

  test('a whole restart of PROD, in a moment, ends in a whole picture', async () => {
    const listener = await listenTo(board.url)
    await listener.see(({ view }) => view.state === 'same')
    expect(await workshop.door('db', 'down', '--env', 'prod')).toMatchObject({ code: 0 })
    expect(await workshop.door('db', 'up', '--env', 'prod')).toMatchObject({ code: 0 })
    await workshop.sql('prod', "UPDATE recruits SET cohort = 'C99' WHERE id = 1")
    await listener.see(({ view }) => view.cohorts.some(({ cohort, prod }) => cohort === 'C99' && prod === 1))
    await listener.see(({ view }) => view.state === 'same')
    listener.leave()
  })
})

signalTest('Ctrl-C ends it cleanly, also while a page is open', async () => {
  const other = await startBoard(workshop)
  const listener = await listenTo(other.url)
  await listener.see(() => true)
  expect(await other.stop()).toBe(0)
  expect(other.output()).toMatch(/^The board is at {2}http:\/\/127\.0\.0\.1:\d+ .*\nCtrl-C ends it\.\n$/)
})
