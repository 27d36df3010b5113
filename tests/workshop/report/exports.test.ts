import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { sha256 } from '../../../workshop/report/fits.ts'
import { packExport, unpackExport } from '../../../workshop/report/export-parts.ts'
import { damaged } from './damaged-exports.ts'
import type { Ran } from '../../support/program.ts'
import { layFilesOf, reportBed, type Bed } from './report-bed.ts'
import { renamed } from './histories.ts'

const progress = `# A way
2026-11-26 05:00:00Z  07  check    missing  PROD: the tables are those of this step
2026-11-26 05:10:00Z  08  drift    left  DEV: column recruits.chort is extra
2026-11-26 05:12:00Z  08  predict  shell  b
2026-11-26 05:13:00Z  08  outcome  shell  a
2026-11-26 05:20:00Z  09  hint     1  the migration
2026-11-26 05:25:00Z  09  drift    back
2026-11-26 05:26:00Z  10  deploy   applied  PROD: 20250113090000_add_cohort
`

let bed: Bed
let made: Buffer
let own: string
beforeAll(async () => {
  bed = await reportBed()
  await bed.begin(18)
  bed.workshop.write('progress.txt', progress)
  own = await bed.page()
  expect((await report('--export')).code).toBe(0)
  made = readFileSync(bed.workshop.file('report/learner.zip'))
}, 300_000)
afterAll(() => bed?.workshop.remove())

const report = (...words: string[]) => bed.workshop.door('report', ...words)
const text = (path: string) => readFileSync(bed.workshop.file(path), 'utf8')
/** A page without its title, and without when and from what it was made. */
const body = (page: string) => page.slice(page.indexOf('The whole in one look'))
const partsOf = (bytes: Uint8Array) => new Map(unpackExport(bytes, 'it').parts)

/** Makes the page from an export whose parts somebody has changed, and packed again with new checksums. */
async function from(
  change: (parts: Map<string, Uint8Array>) => void,
  name = 'changed',
): Promise<Ran & { page: string }> {
  const parts = partsOf(made)
  change(parts)
  bed.workshop.write(`sent/${name}.zip`, '')
  writeFileSync(bed.workshop.file(`sent/${name}.zip`), packExport(parts, 'Learner'))
  const ran = await report('--from', `sent/${name}.zip`)
  return { ...ran, page: existsSync(bed.workshop.file(`report/${name}.md`)) ? text(`report/${name}.md`) : '' }
}

function edit(parts: Map<string, Uint8Array>, path: string, change: (was: string) => string): void {
  const was = Buffer.from(parts.get(path)!).toString()
  const is = change(was)
  expect(is).not.toBe(was)
  parts.set(path, Buffer.from(is))
}

test('a marker’s page says what the learner’s own says, and leaves databases, branches and tags alone', async () => {
  const state = async () => [
    bed.git('for-each-ref'),
    bed.git('status', '--porcelain'),
    await bed.workshop.asAdmin('SELECT datname FROM pg_database ORDER BY 1', 'postgres', 'dev'),
    await bed.workshop.asAdmin('SELECT datname FROM pg_database ORDER BY 1', 'postgres', 'prod'),
    await bed.workshop.sql('dev', 'SELECT * FROM recruits ORDER BY id'),
  ]
  mkdirSync(bed.workshop.file('sent'), { recursive: true })
  bed.workshop.write('sent/.gitignore', '*')
  const before = await state()
  const ran = await from(() => {}, 'same')
  expect({ code: ran.code, output: ran.output }).toMatchObject({ code: 0, output: expect.stringContaining('15 of 15') })
  expect(body(ran.page)).toBe(body(own))
  expect(ran.page).toContain('Made anew from an exported file')
  expect(await state()).toEqual(before)
})

test('two reports of one state are byte for byte the same, but for the time', async () => {
  const withoutTime = (page: string) => page.replace(/Made .* UTC/g, 'Made')
  const html = text('report/report.html')
  expect(withoutTime(await bed.page())).toBe(withoutTime(own))
  expect(withoutTime(text('report/report.html'))).toBe(withoutTime(html))
})

test('an export holds no password, no name of the computer and no path of it', () => {
  const { parts } = unpackExport(made, 'it')
  const texts = [...parts]
    .filter(([path]) => path !== 'history.bundle')
    .map(([, bytes]) => Buffer.from(bytes).toString())
  const admin = text('.workshop/admin-password').trim()
  for (const secret of [admin, 'prod:prod@', 'dev:dev@', hostname(), homedir(), bed.workshop.folder])
    expect(texts.filter((one) => one.includes(secret))).toEqual([])
  expect([...parts.keys()]).toEqual(
    expect.arrayContaining(['history.bundle', 'progress.txt', 'prod/snapshot.json', 'dev/snapshot.json']),
  )
})

test.each(damaged)('a file that is %s is told, stays as it is, and ends with 1', async (_, change, says) => {
  mkdirSync(bed.workshop.file('sent'), { recursive: true })
  const file = bed.workshop.file('sent/bad.zip')
  const bytes = change(made)
  writeFileSync(file, bytes)
  const ran = await report('--from', 'sent/bad.zip')
  expect(ran).toMatchObject({ code: 1, output: expect.stringMatching(says) })
  expect(sha256(readFileSync(file))).toBe(sha256(Buffer.from(bytes)))
  expect(existsSync(bed.workshop.file('report/bad.html'))).toBe(false)
})

test('an edited progress.txt changes what is told, and nothing that is verified', async () => {
  const { page } = await from((parts) => {
    edit(
      parts,
      'progress.txt',
      (was) => `${was.replace('shell  b', 'shell  a')}2026-11-26 05:30:00Z  17  check    done\n\0\0garbage\n`,
    )
  })
  expect(page).toContain('Predictions: 1 of 1 were right')
  expect(page).toContain('more of its lines cannot be read')
  const verified = (of: string) =>
    body(of)
      .slice(0, body(of).indexOf('## PROD’s ledger'))
      .replaceAll(/^\| (08|11|14|17) .*$/gm, '')
  expect(verified(page)).toBe(verified(own))
})

test('values that were edited in the export’s PROD are found against copies and seeds', async () => {
  const { page } = await from((parts) => {
    const list = JSON.parse(Buffer.from(parts.get('prod/snapshot.json')!).toString()) as {
      tables: { name: string; schema: string; file: string; hash: string }[]
    }
    const table = list.tables.find(({ schema, name }) => `${schema}.${name}` === 'public.recruits')!
    edit(parts, `prod/${table.file}`, (was) => was.replace(/^(1\t[^\t]+\t)[^\t]+/m, '$1Forged'))
    table.hash = sha256(Buffer.from(parts.get(`prod/${table.file}`)!))
    parts.set('prod/snapshot.json', Buffer.from(JSON.stringify(list)))
  })
  expect(page).toMatch(/C25: surname of 1 recruit changed: id 1 was "\S+", is "Forged"/)
})

test('a copy that was edited does not fit to the ledger, also with a new checksum', async () => {
  const ran = await from((parts) => {
    const path = [...parts.keys()]
      .filter((one) => /^copies\/.*public\.recruits\.copy$/.test(one))
      .toSorted()
      .at(-1)!
    const list = path.replace(/[^/]+$/, 'snapshot.json')
    const old = sha256(Buffer.from(parts.get(path)!))
    edit(parts, path, (was) => was.replace(/^(1\t)[^\t]+/m, '$1Forged'))
    edit(parts, list, (was) => was.replace(old, sha256(Buffer.from(parts.get(path)!))))
  })
  expect(ran).toMatchObject({ code: 1, output: expect.stringContaining('do not fit together') })
  expect(ran.page).toMatch(
    /each copy that the ledger names .* public\.recruits\.first\\?_name is not what entry \d+ of the ledger counted/,
  )
})

test('the PROD of somebody else does not fit to one’s own commits', async () => {
  const others = partsOf(made)
  await bed.begin(10)
  layFilesOf(bed.workshop, 12, ['prisma/schema.prisma', 'seeds'])
  bed.workshop.write('prisma/migrations/20270101000000_mine/migration.sql', renamed)
  bed.commit('Mine')
  for (const env of ['dev', 'prod'] as const) await bed.apply(env)
  expect((await report('--export')).code).toBe(0)
  const theirs = partsOf(readFileSync(bed.workshop.file('report/learner.zip')))
  const ran = await from((parts) => {
    for (const path of parts.keys()) if (!/^(prod|copies)\//.test(path)) parts.delete(path)
    for (const [path, bytes] of theirs) if (!/^(prod|copies)\//.test(path)) parts.set(path, bytes)
  }, 'foreign')
  expect(ran.code).toBe(1)
  expect(ran.page).toMatch(/Does not fit together: each migration that PROD has run .* nowhere in git/)
  // The other way round: one’s own PROD beside the files of somebody else.
  const back = await from((parts) => {
    for (const [path, bytes] of theirs) if (/^(prod|copies)\//.test(path)) parts.set(path, bytes)
  }, 'back')
  expect(back.page).toMatch(/nowhere in git, with the text that PROD ran: 20270101000000/)
  expect(others.size).toBeGreaterThan(50)
  await bed.begin(18)
})

test('nothing of a learner’s code is run by the marker', async () => {
  const { page } = await from((parts) => {
    edit(parts, 'files/seeds/recruits.ts', (was) => `Object.assign(globalThis, { wasRun: true })\n${was}`)
  })
  expect(globalThis).not.toHaveProperty('wasRun')
  expect(page).toContain('5 recruits of PROD stand in no copy and in no seed')
})

test('a class is one table: who is proven what, which files are damaged, and who has the PROD of whom', async () => {
  const folder = bed.workshop.file('class folder')
  mkdirSync(folder)
  writeFileSync(`${folder}/a & b.zip`, made)
  writeFileSync(`${folder}/c.zip`, made)
  writeFileSync(`${folder}/cut.zip`, made.subarray(0, 5_000))
  writeFileSync(`${folder}/notes.txt`, 'no export')
  const ran = await report('--class', 'class folder')
  expect(ran).toMatchObject({ code: 1, output: expect.stringContaining('cut: cut.zip is no export') })
  const page = text('report/class.md')
  expect(page).toMatch(
    /\[a &amp; b \(Learner\)\]\(class\/a%20&%20b\.html\) \| ✓ 15 of 15 \| ✓ 0 \| ✓ 2 of 2 \| ✗ Its PROD is the same database as that of c/,
  )
  expect(page).toMatch(/^\| cut \| ✗ cannot be read/m)
  expect(page).toMatch(/\| 09 \| 2 \|/)
  expect(text('report/class/c.html')).toContain('Made anew from an exported file')
})

test.each<[string, string[], RegExp]>([
  ['a folder without an export', ['--class', 'prisma'], /There is no export in/],
  ['a folder that is not there', ['--class', 'nowhere'], /There is no folder/],
  ['a file that is not there', ['--from', 'nowhere.zip'], /There is no such file/],
  ['two flags at once', ['--export', '--from', 'x.zip'], /do not go together/],
  ['a folder that cannot be written', ['--into', 'package.json/x'], /could not be written[^]*--into FOLDER/],
])('%s is told, with what to type', async (_, words, says) => {
  expect(await report(...words)).toMatchObject({ code: 1, output: expect.stringMatching(says) })
})

test('without git, there is a page and an export, and both say that there is no commit', async () => {
  renameSync(bed.workshop.file('.git'), bed.workshop.file('.git-aside'))
  try {
    const page = await bed.page()
    expect(page).toContain('There is no commit at all')
    const ran = await bed.workshop.door('report', '--export', '--into', 'without')
    expect(ran).toMatchObject({ code: 0, output: expect.stringContaining('There is no commit') })
    const [, file] = /written {2}(\S+\.zip)/.exec(ran.output)!
    expect((await report('--from', file!)).code).toBe(0)
  } finally {
    renameSync(bed.workshop.file('.git-aside'), bed.workshop.file('.git'))
    rmSync(bed.workshop.file('without'), { recursive: true, force: true })
  }
})

test('whoever has done the course is at its end: bonus steps are one line of the check, and none of the report', async () => {
  const done = await bed.workshop.door('check')
  expect(done.output).toContain('All checks pass: the exercise is done, and PROD has lost nothing.')
  expect(done.output).toMatch(/More: .*bonus.* npm run read 19\n\nnext {2}npm run db ledger/)
  expect(own).toContain('| 18 | The rules of a team | done |')
  expect(own).not.toMatch(/portal|\| 19 \|/i)
  // The first file of a bonus step is there: from now on it is the one where the learner is.
  bed.workshop.write('seeds/portal.ts', '')
  const begun = await bed.workshop.door('check')
  rmSync(bed.workshop.file('seeds/portal.ts'))
  expect(begun.output).toContain('Step 19-portal')
})

test('with the servers down, it says how they come up', async () => {
  writeFileSync(bed.workshop.file('of-a-learner.zip'), made)
  await bed.workshop.run('db', 'down')
  for (const words of [[], ['--export'], ['--from', 'of-a-learner.zip']])
    expect(await report(...words)).toMatchObject({ code: 1, output: expect.stringContaining('npm run db up') })
})
