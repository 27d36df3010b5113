import { expect, test } from '@jest/globals'
import pg from 'pg'
import { scratchServer } from '../../support/server.ts'
import { scratchWorkshop } from '../../support/workshop.ts'

test('another PostgreSQL is taken as it is: an empty database is marked, one with tables only by db adopt', async () => {
  const server = await scratchServer()
  const second = scratchWorkshop({ isBuilt: true })
  try {
    await asAdmin(server.adminUrl, [
      'CREATE ROLE me LOGIN PASSWORD $$me$$',
      'CREATE DATABASE mine',
      'CREATE DATABASE "full"',
    ])
    await asAdmin(server.url('mine'), ['GRANT CREATE ON DATABASE mine TO me', 'ALTER SCHEMA public OWNER TO me'])
    await asAdmin(server.url('full'), [
      'GRANT CREATE ON DATABASE "full" TO me',
      'ALTER SCHEMA public OWNER TO me',
      'CREATE TABLE t ()',
    ])

    second.write('.env.dev.local', `DATABASE_URL=${server.url('mine', 'me', 'me')}\n`)
    expect((await second.door('db', 'up', '--env', 'dev')).output).toContain('marking mine on 127.0.0.1')
    expect((await second.door('db', 'reset')).output).toContain('DEV   is new')

    second.write('.env.dev.local', `DATABASE_URL=${server.url('full', 'me', 'me')}\n`)
    const refused = await second.door('db', 'up', '--env', 'dev')
    expect(refused.code).toBe(1)
    expect(refused.output).toContain('DEV is not a database of this workshop')
    expect((await second.door('db', 'adopt', '--env', 'dev')).code).toBe(0)
    expect((await second.door('db', 'up', '--env', 'dev')).code).toBe(0)
  } finally {
    await second.remove()
    await server.stop()
  }
})

async function asAdmin(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}
