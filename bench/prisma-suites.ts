/**
 * Prisma's own suites against our engine's executable: those of `packages/migrate` that need PostgreSQL or no database, from
 * a checkout of github.com/prisma/prisma at the commit of the pinned version. Nothing of it comes into this repository:
 * what is needed is copied, with its packages (300 MB, downloaded once), to .workshop/prisma-suites. Prints each case that
 * disagrees, but for those that docs/engine.md gives a reason for, and ends with 1 where there is one.
 *
 *     npm run bench prisma-suites PATH [PART-OF-A-FILE'S-NAME …]
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { parse } from 'dotenv'
import { cloneId } from '../kit/database/clone.ts'
import { enginePath } from '../kit/engine/prisma-binary.ts'
import { projectRoot } from '../kit/project/project.ts'
import { scratchServer, type ScratchServer } from '../tests/support/server.ts'
import { query } from '../tests/support/toy-project.ts'

interface Case {
  ancestorTitles: string[]
  title: string
  status: string
  failureMessages: string[]
}
interface Report {
  testResults: { name: string; assertionResults: Case[]; message: string }[]
}

const [checkout, ...files] = process.argv.slice(2)
if (!checkout || !existsSync(join(checkout, 'packages', 'migrate', 'package.json'))) {
  console.error('Which folder holds a checkout of github.com/prisma/prisma?  npm run bench prisma-suites PATH')
  process.exit(1)
}
const work = join(projectRoot, '.workshop', 'prisma-suites')
const migrate = join(work, 'packages', 'migrate')
const others = 'sqlite|mysql|mariadb|mongo(db)?|cockroach(db)?|sql ?server|mssql|d1|vitess'

/** Those of the table in docs/engine.md. */
const known = [
  'should load extensions from the config',
  'should fail for empty/empty',
  'force panic',
  'engine panic no interactive mode in CI',
  'dataloss warnings cancelled (prompt)',
  'unexecutable - drop refused',
  'should be cancelled if user send n (prompt)',
  'seed.ts',
  'seed.ts - ESM',
  'gracefully handles non accessible files',
]

/** Cases without a database's name in theirs are left that need another one: our engine has refused its URL. */
const otherDatabase = /scheme is not recognized|must start with the protocol|Cannot find module '.*\/generated\//

const server = await scratchServer()
try {
  layOut(resolve(checkout), server)
  await makeDatabases(server)
  process.exitCode = tell(runSuites(server)) > 0 ? 1 : 0
} finally {
  await server.stop()
}

/** The suite with its fixtures, and packages of the registry in the place of its neighbours in the checkout. */
function layOut(from: string, at: ScratchServer): void {
  const own = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const theirs = JSON.parse(readFileSync(join(from, 'packages', 'migrate', 'package.json'), 'utf8'))
  const pinned = own.dependencies['@prisma/schema-engine-wasm']
  const asked = theirs.dependencies['@prisma/engines-version']
  if (asked !== pinned) console.log(`The checkout is made for engine ${asked}; pinned is ${pinned}.`)
  const version = own.dependencies.prisma
  const dependencies: Record<string, string> = {
    ...theirs.devDependencies,
    ...theirs.dependencies,
    ...Object.fromEntries(
      ['adapter-d1', 'config', 'get-platform', 'internals'].map((name) => [`@prisma/${name}`, version]),
    ),
    prettier2: 'npm:prettier@2.8.8',
  }
  for (const name of ['jest-junit', 'sqlite3', '@types/sqlite3']) delete dependencies[name]
  for (const [name, range] of Object.entries(dependencies)) if (range === 'workspace:*') dependencies[name] = version
  const manifest = JSON.stringify({ private: true, dependencies }, null, 2)

  mkdirSync(migrate, { recursive: true })
  const isInstalled =
    existsSync(join(work, 'package.json')) && readFileSync(join(work, 'package.json'), 'utf8') === manifest
  if (!isInstalled) {
    writeFileSync(join(work, 'package.json'), manifest)
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    spawnSync('npm', ['install', ...flags], { cwd: work, stdio: 'inherit', shell: process.platform === 'win32' })
  }
  for (const folder of ['src', 'fixtures']) {
    rmSync(join(migrate, folder), { recursive: true, force: true })
    const source = join(from, 'packages', 'migrate', folder)
    if (existsSync(source)) cpSync(source, join(migrate, folder), { recursive: true })
  }
  // What the suites expect of their own build, and of their own server.
  for (const file of readdirSync(join(migrate, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(test\.ts|snap)$/.test(file)) continue
    const text = readFileSync(join(migrate, 'src', file), 'utf8')
    const here = text.replaceAll('Version : 0.0.0', `Version : ${version}`)
    writeFileSync(join(migrate, 'src', file), here.replaceAll('localhost:5432', `127.0.0.1:${at.port}`))
  }
  const platform = join('packages', 'get-platform', 'src')
  cpSync(join(from, platform), join(work, platform), { recursive: true })
  const config = {
    transform: { '^.+\\.(m?j|t)s$': '@swc/jest' },
    transformIgnorePatterns: [],
    testMatch: ['**/src/**/*.test.ts'],
    setupFilesAfterEnv: ['<rootDir>/src/__tests__/setup.ts'],
    modulePathIgnorePatterns: ['<rootDir>/src/__tests__/fixtures/'],
    // Fixtures are copied to folders without packages.
    modulePaths: [join(work, 'node_modules')],
    moduleNameMapper: { '^@prisma/config/src$': '@prisma/config' },
    snapshotSerializers: [join(work, platform, 'test-utils', 'jestSnapshotSerializer')],
    testTimeout: 60_000,
    prettierPath: join(work, 'node_modules', 'prettier2'),
  }
  writeFileSync(join(migrate, 'jest.config.json'), JSON.stringify(config))
}

/** As the suites expect them, each marked as this clone's DEV: they reset and push. */
async function makeDatabases(at: ScratchServer): Promise<void> {
  await query(at.adminUrl, "CREATE ROLE prisma SUPERUSER LOGIN PASSWORD 'prisma'")
  await query(
    at.url('template1'),
    `CREATE SCHEMA workshop; CREATE TABLE workshop.marker (environment text, clone text);
     INSERT INTO workshop.marker VALUES ('dev', '${cloneId()}')`,
  )
  for (const name of ['tests', 'tests-migrate', 'tests-migrate-shadowdb'])
    await query(at.adminUrl, `CREATE DATABASE "${name}"`)
}

function runSuites(at: ScratchServer): Report {
  const report = join(work, 'report.json')
  rmSync(report, { force: true })
  const url = (database: string) => at.url(database, 'prisma', 'prisma').replace('postgresql:', 'postgres:')
  const env = {
    ...process.env,
    // Addresses of databases that are not there; a file is not read without them.
    ...parse(readFileSync(join(resolve(checkout!), '.db.env'))),
    PRISMA_SCHEMA_ENGINE_BINARY: enginePath,
    PRISMA_HIDE_UPDATE_MESSAGE: 'true',
    CHECKPOINT_DISABLE: '1',
    TEST_POSTGRES_URI: url('tests'),
    TEST_POSTGRES_URI_MIGRATE: url('tests-migrate'),
    TEST_POSTGRES_SHADOWDB_URI_MIGRATE: url('tests-migrate-shadowdb'),
    TEST_SKIP_COCKROACHDB: '1',
    TEST_SKIP_MSSQL: '1',
    TEST_SKIP_MONGODB: '1',
  }
  const args = ['--config', 'jest.config.json', '-i', '--silent', '--forceExit', '--json', `--outputFile=${report}`]
  const named = [`--testNamePattern=^(?!.*\\b(${others})\\b)`, `--testPathIgnorePatterns=(${others}|d1-db-e2e)\\.test`]
  const jest = join(work, 'node_modules', 'jest', 'bin', 'jest.js')
  spawnSync(process.execPath, [jest, ...files, ...args, ...named], {
    cwd: migrate,
    env,
    stdio: 'ignore',
  })
  return JSON.parse(readFileSync(report, 'utf8')) as Report
}

/** Returns how many cases disagree that are not known to. */
function tell({ testResults }: Report): number {
  const counts = { agree: 0, disagree: 0, known: 0, other: 0 }
  for (const { name, assertionResults, message } of testResults) {
    const file = name.replace(/.*[\\/]/, '')
    if (assertionResults.length === 0 && message) {
      counts.disagree++
      console.log(`✕ ${file} was not read: ${message.slice(0, 300)}`)
    }
    for (const { ancestorTitles, title, status, failureMessages } of assertionResults) {
      const why = stripVTControlCharacters(failureMessages.join('\n')).replace(/\n\s+at [^]*/, '')
      if (status === 'passed') counts.agree++
      else if (status !== 'failed') continue
      else if (otherDatabase.test(why) && !/P1013/.test(title)) counts.other++
      else if (known.includes(title)) counts.known++
      else {
        counts.disagree++
        console.log(
          `\n✕ ${file} › ${[...ancestorTitles, title].join(' › ')}\n${why.slice(0, 1500).replace(/^/gm, '    ')}`,
        )
      }
    }
  }
  const { agree, disagree, other } = counts
  const whole = agree + disagree + counts.known
  console.log(
    `\n${agree} of ${whole} cases agree, ${counts.known} are known not to; ${other} more need another database.`,
  )
  return disagree
}
