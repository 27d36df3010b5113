import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { must } from '../../support/measure.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
let locals: Record<'dev' | 'prod', string> | undefined
beforeAll(async () => {
  workshop = await madeWorkshop()
  await must(workshop.door('db', 'up'))
  locals = { dev: localFile('dev'), prod: localFile('prod') }
})
beforeEach(() => {
  workshop.layStep(18)
  writeLocals()
})
afterAll(async () => {
  if (locals) writeLocals()
  await workshop?.remove()
})

function writeLocals(): void {
  for (const env of ['dev', 'prod'] as const) workshop.write(`.env.${env}.local`, locals![env])
}

const localFile = (env: string) => readFileSync(workshop.file(`.env.${env}.local`), 'utf8')
const setUrl = (env: 'dev' | 'prod', url: string) => workshop.write(`.env.${env}.local`, `DATABASE_URL=${url}\n`)
const recruitTables = (env: 'dev' | 'prod') =>
  workshop.sql(env, "SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename = 'recruits'")

test('a command says first which database it is on, and where', async () => {
  const { output } = await workshop.run('migrate', 'status', '--env', 'prod')
  expect(output.split('\n')[0]).toBe(`PROD  prod on 127.0.0.1:${new URL(workshop.url('prod')).port}`)
})

test('the named environment beats an exported DATABASE_URL', async () => {
  const argv = [process.execPath, 'workshop/run.mjs', 'migrate', 'deploy', '--env=dev']
  const ran = await workshop.exec(argv, { env: { DATABASE_URL: workshop.url('prod') } })
  expect(ran).toMatchObject({ code: 0 })
  expect(await recruitTables('dev')).toHaveLength(1)
  expect(await recruitTables('prod')).toHaveLength(0)
})

test('a password with signs of every kind is read alike by us and by dotenv-cli', async () => {
  const admin = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  const url = new URL(workshop.url('dev'))
  const asAdmin = `postgresql://postgres:${admin}@127.0.0.1:${url.port}/postgres`
  const { default: pg } = await import('pg')
  const client = new pg.Client(asAdmin)
  await client.connect()
  await client.query(`ALTER ROLE dev PASSWORD '$HOME #@:/\${x}'`)
  try {
    url.password = encodeURIComponent('$HOME #@:/${x}')
    setUrl('dev', url.href.replaceAll('%24', '$'))
    expect(await workshop.run('migrate', 'status')).toMatchObject({ code: 0 })
  } finally {
    await client.query(`ALTER ROLE dev PASSWORD 'dev'`)
    await client.end()
  }
})

test.each(['staging', 'PROD', ''])(
  'the environment "%s" is unknown, and the two that exist are named',
  async (name) => {
    const { code, output } = await workshop.door('migrate', 'deploy', `--env=${name}`)
    expect(code).toBe(1)
    expect(output).toContain(`There is no environment "${name}"`)
    expect(output).toContain('--env dev or --env prod')
  },
)

test('a missing env file is named, with the way to get it back', async () => {
  renameSync(workshop.file('.env.prod'), workshop.file('kept'))
  const { code, output } = await workshop.door('db', 'url', '--env', 'prod')
  renameSync(workshop.file('kept'), workshop.file('.env.prod'))
  expect(code).toBe(1)
  expect(output).toContain('There is no file .env.prod')
  expect(output).toContain('git checkout HEAD -- .env.prod')
})

test('an env file without DATABASE_URL gets the line to write', async () => {
  workshop.write('.env.dev.local', 'DATABASE_URL=\n')
  const { code, output } = await workshop.door('migrate', 'status')
  expect(code).toBe(1)
  expect(output).toContain('.env.dev.local has no DATABASE_URL')
  expect(output).toContain('DATABASE_URL=postgresql://dev:dev@127.0.0.1:15431/dev')
})

test.each([
  'not a url',
  'mysql://a:b@127.0.0.1:1/x',
  'postgresql://127.0.0.1:15431',
  'postgresql://dev:p@ss/word@127.0.0.1/dev',
])('the address "%s" is refused as no address of a PostgreSQL database, and not repeated', async (url) => {
  setUrl('dev', url)
  const { code, output } = await workshop.door('migrate', 'status')
  expect(code).toBe(1)
  expect(output).toContain('is not the address of a PostgreSQL database')
  expect(output).not.toContain(url)
})

test('a host that does not exist is named', async () => {
  setUrl('prod', 'postgresql://prod:secret@no-such-host.invalid:5432/prod')
  const { code, output } = await workshop.door('migrate', 'deploy', '--env', 'prod')
  expect(code).toBe(1)
  expect(output).toContain('There is no host named no-such-host.invalid')
  expect(output).not.toContain('secret')
})

test('a database that does not exist is named, and none is made', async () => {
  setUrl('prod', workshop.url('prod').replace(/\/prod$/, '/production'))
  const { code, output } = await workshop.door('db', 'up')
  expect(code).toBe(1)
  expect(output).toContain('database "production" does not exist')
  expect(output).toContain('.env.prod.local')
})

test('DEV and PROD with the same address stop every command', async () => {
  setUrl('dev', workshop.url('prod').replace('127.0.0.1', 'localhost'))
  for (const args of [
    ['db', 'up'],
    ['db', 'reset'],
    ['migrate', 'deploy'],
    ['migrate', 'deploy', '--env', 'prod'],
  ]) {
    const { code, output } = await workshop.door(...args)
    expect(code).toBe(1)
    expect(output).toContain('DEV and PROD are the same database')
  }
})

test('swapped addresses stop a command before it writes', async () => {
  const [dev, prod] = [workshop.url('dev'), workshop.url('prod')]
  setUrl('dev', prod)
  setUrl('prod', dev)
  for (const args of [
    ['db', 'reset'],
    ['migrate', 'deploy', '--env', 'dev'],
    ['db', 'up'],
    ['seed', 'c26'],
  ]) {
    const { code, output } = await workshop.door(...args)
    expect(code).toBe(1)
    expect(output).toMatch(
      /This is not (DEV: the database says that it is PROD|PROD: the database says that it is DEV)/,
    )
  }
  workshop.write('.env.prod.local', locals!.prod)
  expect(await recruitTables('prod')).toHaveLength(0)
})

test.each([
  [['run', 'seed:c26', '--env=prod'], 'npm run seed:c26 -- --env prod'],
  [['run', 'seed:c26', '--env', 'prod'], 'npm run seed:c26 -- --env prod'],
  [['run', 'seed:c26', 'prod'], 'npm run seed:c26 -- --env prod'],
  [['run', 'seed:c26', '--count', '7'], 'npm run seed:c26 -- --count 7'],
  [['run', 'seed:c26', '--random', '--env=prod'], 'npm run seed:c26 -- --env prod --random'],
  [['run', 'migrate', 'deploy', '--env', 'prod'], 'npm run migrate deploy -- --env prod'],
  [['run', 'migrate', 'deploy', 'prod'], 'npm run migrate deploy -- --env prod'],
  [['run', 'migrate', 'dev', '--name', 'add_cohort'], 'npm run migrate dev -- --name add_cohort'],
  [['run', 'psql', '-c', 'SELECT 1'], 'npm run psql -- -c "SELECT 1"'],
  [['run', 'db', 'reset', 'prod'], 'npm run db reset -- --env prod'],
])('flags without -- (npm %j) stop the command and print the line that was meant', async (args, line) => {
  const { code, output } = await workshop.npm(...args)
  expect(code).toBe(1)
  expect(output).toContain('nothing was done')
  expect(output).toContain(`next  ${line}\n`)
})

test('migrate dev is a word of Prisma’s, not a stray one', async () => {
  const { output } = await workshop.run('migrate', 'dev', '--help')
  expect(output).toContain('prisma migrate dev')
})

test.each([
  ['dev', 'npm run migrate -- deploy --env prod'],
  ['reset', 'npm run db reset'],
])('migrate %s does not run on PROD, and says what to type instead', async (verb, next) => {
  const { code, output } = await workshop.door('migrate', verb, '--env', 'prod')
  expect(code).toBe(1)
  expect(output).toContain(`"migrate ${verb}" does not run on PROD`)
  expect(output).toContain(next)
})

test('Prisma’s exit code comes through', async () => {
  const diff = ['migrate', 'diff', '--from-empty', '--to-schema', 'prisma/schema.prisma', '--exit-code']
  expect((await workshop.run(...diff)).code).toBe(2)
})

test('a seed with a slip in its TypeScript is shown with its line, and without a stack', async () => {
  workshop.write('seeds/c28.ts', 'const x = = 1\n')
  const { code, output } = await workshop.run('seed', 'c28')
  expect(code).toBe(1)
  expect(output).toContain('seeds/c28.ts:1:11')
  expect(output).not.toMatch(/\n\s+at /)
})

test('a seed that is not there is to be written like another one, or, where it was deleted, to be restored', async () => {
  rmSync(workshop.file('seeds/c28.ts'))
  const missing = await workshop.door('seed', 'c28')
  expect(missing).toMatchObject({ code: 1, output: expect.stringContaining('There is no seeds/c28.ts here') })
  expect(missing.output).toMatch(/next {2}Write it like seeds\/c27\.ts\.\n +npm run read {2}/)

  const later = await workshop.door('seed', 'portal')
  expect(later.output).toMatch(/It comes with the step 19-portal\.\n +next {2}npm run read 19/)

  workshop.write('seeds/c28.ts', 'export {}\n')
  try {
    for (const argv of [
      ['init', '--quiet'],
      ['add', 'seeds'],
    ])
      await must(workshop.exec(['git', ...argv]))
    rmSync(workshop.file('seeds/c28.ts'))
    expect((await workshop.door('seed', 'c28')).output).toContain('next  git restore seeds/c28.ts\n')
  } finally {
    rmSync(workshop.file('.git'), { recursive: true })
  }

  for (const name of readdirSync(workshop.file('seeds'))) rmSync(workshop.file(`seeds/${name}`))
  expect((await workshop.door('seed', 'c99')).output).toMatch(/next {2}npm run read {2}/)
})

test('unknown words and flags are named, and nothing is done', async () => {
  expect((await workshop.door('db', 'explode')).output).toContain('"db explode" is not a command')
  expect((await workshop.door('db', 'reset', '--force')).output).toContain("Unknown option '--force'")
  expect((await workshop.run('nonsense')).output).toContain('There is no command "nonsense"')
})
