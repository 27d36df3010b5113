import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { open } from '../../../kit/database/connection.ts'
import { TlsClient } from '../../../kit/database/tls-client.ts'
import { openEngine } from '../../../kit/engine/engine.ts'
import { selfSigned, type Certificate } from '../../support/certificate.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { freshDatabase, query, toyProject } from '../../support/toy-project.ts'
import { until } from '../../support/until.ts'
import { verb } from './engine-bed.ts'

let server: ScratchServer
let url: string
let data: string
const trusted = () => `&sslcert=${encodeURIComponent(join(server.folder, 'trusted.pem'))}`

beforeAll(async () => {
  server = await scratchServer()
  url = await freshDatabase(server)
  data = (await query<{ data_directory: string }>(server.adminUrl, 'SHOW data_directory'))[0]!.data_directory
})
afterAll(() => server.stop())

/** Makes the server show a certificate; the file `trusted.pem` is to be trusted. */
async function showing(certificate: Certificate): Promise<void> {
  const { uid, gid } = statSync(data)
  for (const [name, text] of Object.entries({ key: certificate.key, crt: certificate.cert })) {
    const file = join(data, `server.${name}`)
    writeFileSync(file, text)
    chmodSync(file, 0o600)
    if (process.getuid?.() === 0) chownSync(file, uid, gid)
  }
  writeFileSync(join(server.folder, 'trusted.pem'), certificate.cert)
  await query(server.adminUrl, 'ALTER SYSTEM SET ssl = on')
  await reload()
}

async function reload(): Promise<void> {
  const loaded = async () => (await query<{ at: Date }>(server.adminUrl, 'SELECT pg_conf_load_time() AS at'))[0]!.at
  const before = await loaded()
  await query(server.adminUrl, 'SELECT pg_reload_conf()')
  await until('the server has read its settings again', async () => (await loaded()) > before)
}

/** How the engine is connected, or the code and the words of the refusal. */
async function connecting(parameters = ''): Promise<unknown> {
  const to = `${url}?connect_timeout=5${parameters}`
  try {
    await (await openEngine({ url: to })).close()
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return `${code} ${message}`
  }
  const client = new TlsClient({ connectionString: to })
  await client.connect()
  const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
  await client.end()
  return rows[0].ssl ? 'encrypted' : 'plain'
}

const refusedFor = (what: string) =>
  expect.stringMatching(new RegExp(`^P1011 Error opening a TLS connection: .*${what}`))

test('a server without encryption is taken by default, with "prefer", and not with "require"', async () => {
  expect(await connecting()).toBe('plain')
  expect(await connecting('&sslmode=prefer')).toBe('plain')
  expect(await connecting('&sslmode=require')).toEqual(refusedFor('server does not support TLS'))
})

describe('A server with a certificate that it signed itself', () => {
  beforeAll(() => showing(selfSigned('127.0.0.1')))

  test.each([
    ['', 'encrypted'],
    ['&sslmode=prefer', 'encrypted'],
    ['&sslmode=require', 'encrypted'],
    ['&sslmode=require&sslaccept=accept_invalid_certs', 'encrypted'],
    ['&sslmode=disable', 'plain'],
  ])('is taken with "%s": %s', async (parameters, how) => {
    expect(await connecting(parameters)).toBe(how)
  })

  test('is refused with "sslaccept=strict", and named as the reason', async () => {
    expect(await connecting('&sslaccept=strict')).toEqual(refusedFor('self-signed certificate'))
    expect(await connecting('&sslmode=require&sslaccept=strict')).toEqual(refusedFor('self-signed certificate'))
  })

  test('is taken with "sslaccept=strict", once "sslcert" names it', async () => {
    expect(await connecting(`&sslmode=require&sslaccept=strict${trusted()}`)).toBe('encrypted')
    expect(await connecting('&sslaccept=strict&sslcert=nowhere.pem')).toEqual(refusedFor('cert file not found'))
  })

  test('is refused by Prisma’s own command line in the same words, and by the executable’s verbs', async () => {
    const toy = toyProject()
    const { code, output } = await toy.prisma(`${url}?sslaccept=strict`, 'migrate', 'deploy')
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('P1011: Error opening a TLS connection: certificate verify failed: self-signed'),
    })
    expect((await verb(`${url}?sslaccept=strict`, 'can-connect-to-database')).stderr).toContain('P1011')
    toy.remove()
  })

  test('is told by the workshop’s own connections too', async () => {
    const refused = await open(`${url}?sslaccept=strict`)
    expect(refused).toMatchObject({ kind: 'no-encryption', message: expect.stringContaining('self-signed') })
    const client = await open(`${url}?sslmode=require`)
    expect(client).toBeInstanceOf(pg.Client)
    await (client as pg.Client).end()
  })

  test('that lets nobody in without encryption lets the engine in, with a shadow database too', async () => {
    const file = join(data, 'pg_hba.conf')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, `hostssl all dev all scram-sha-256\nhostnossl all dev all reject\n${before}`)
    await reload()
    expect(await connecting()).toBe('encrypted')
    expect(await connecting('&sslmode=disable')).toMatch(/^P1010 /)
    const engine = await openEngine({ url })
    const history = {
      baseDir: '',
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
      migrationDirectories: [],
      shadowDbInitScript: '',
    }
    const from = { tag: 'migrations' as const, ...history }
    const filters = { externalTables: [], externalEnums: [] }
    expect(await engine.diff({ from, to: { tag: 'empty' }, script: false, exitCode: true, filters })).toMatchObject({
      exitCode: 0,
    })
    await engine.close()
    writeFileSync(file, before)
  })
})

test.each([
  ['that is expired', selfSigned('127.0.0.1', new Date(Date.now() - 1000)), 'certificate has expired'],
  ['for another host', selfSigned('db.example.org'), "altnames: IP: 127.0.0.1 is not in the cert's list"],
])(
  'a certificate %s is refused with "strict" though it is trusted, and taken without',
  async (_, certificate, words) => {
    await showing(certificate)
    expect(await connecting(`&sslaccept=strict${trusted()}`)).toEqual(refusedFor(words))
    expect(await connecting('&sslmode=require')).toBe('encrypted')
  },
)
