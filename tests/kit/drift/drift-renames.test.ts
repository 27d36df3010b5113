import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Catalog } from '../../../kit/catalog/catalog.ts'
import { compareCatalogs } from '../../../kit/catalog/compare-catalogs.ts'
import { describeRename, likelyRenames, renamesBack } from '../../../kit/catalog/likely-renames.ts'
import { findRenames, withRenames } from '../../../kit/catalog/renames.ts'
import { findKeeping } from '../../../kit/drift/keeping-command.ts'
import { readCatalog } from '../../../kit/catalog/read-catalog.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

const base = `
CREATE TABLE cohorts (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE recruits (
  id SERIAL PRIMARY KEY, first_name TEXT NOT NULL, surname TEXT NOT NULL, chatname TEXT NOT NULL, github_name TEXT NOT NULL,
  id_number TEXT, email TEXT, age INTEGER, born DATE, cohort_id INTEGER REFERENCES cohorts (id), score NUMERIC(5, 2) CHECK (score >= 0),
  is_active BOOLEAN NOT NULL DEFAULT true, tags TEXT[], joined TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, note TEXT
);
CREATE UNIQUE INDEX recruits_email_key ON recruits (email);
CREATE INDEX recruits_surname_idx ON recruits (surname);
`
const rename = (from: string, to: string) => `ALTER TABLE recruits RENAME COLUMN ${from} TO ${to}`
const swap = (from: string, add: string) => `ALTER TABLE recruits DROP COLUMN ${from}, ADD COLUMN ${add}`

let server: ScratchServer
let admin: pg.Client
let number = 0
let should: Catalog
beforeAll(async () => {
  server = await scratchServer()
  admin = new pg.Client(server.adminUrl)
  await admin.connect()
  should = await after(base)
})
afterAll(async () => {
  await admin?.end()
  await server?.stop()
})

/** What the SQL makes of an empty database. */
async function after(sql: string): Promise<Catalog> {
  const name = `made_${++number}`
  await admin.query(`CREATE DATABASE ${name} STRATEGY file_copy`)
  const client = new pg.Client(server.url(name))
  await client.connect()
  await client.query(sql)
  const catalog = await readCatalog(client)
  await client.end()
  return catalog
}
const found = (is: Catalog, isLive: boolean) =>
  findRenames(should, is, { isLive }).map(({ from, to }) => `${from} → ${to}`)

/** In a live database: whatever the new name is. */
const liveRenames: [sql: string, names: string[]][] = [
  ['chatname', 'rocketchat_user'],
  ['surname', 'last'],
  ['first_name', 'x'],
  ['github_name', 'forge_login'],
  ['id_number', 'passport'],
  ['email', 'personal_email_address'],
  ['age', 'years'],
  ['born', 'birthday'],
  ['cohort_id', 'group_ref'],
  ['score', 'points'],
  ['is_active', 'enabled'],
  ['tags', 'labels'],
  ['joined', 'since'],
  ['note', '"A Remark"'],
].map(([from, to]) => [rename(from!, to!), [`${from} → ${to!.replaceAll('"', '')}`]])

/** In the models: the name, the place or the keys have to tell. */
const modelRenames: [from: string, to: string][] = [
  ['chatname', 'rocketchat_user'],
  ['email', 'personal_email_address'],
  ['id_number', 'id_no'],
  ['surname', 'family_name'],
  ['cohort_id', 'group_id'],
  ['joined', 'joined_at'],
  ['note', 'notes'],
  ['is_active', 'active'],
]

describe(`${liveRenames.length + modelRenames.length + 2} true renames are recognised, and nothing else is left to report`, () => {
  test.each(liveRenames)('on a live database: %s', async (sql, names) => {
    const is = await after(`${base}; ${sql}`)
    expect(found(is, true)).toEqual(names)
    expect(compareCatalogs(withRenames(should, findRenames(should, is, { isLive: true })), is)).toEqual([])
  })

  test('on a live database: two at once, and one beside other drift', async () => {
    const two = await after(`${base}; ${rename('surname', 'last')}; ${rename('first_name', 'given')}`)
    expect(found(two, true).toSorted()).toEqual(['first_name → given', 'surname → last'])
    const beside = await after(`${base}; ${rename('chatname', 'nick')}; ${swap('id_number', 'shoe_size TEXT')}`)
    expect(found(beside, true)).toEqual(['chatname → nick'])
  })

  test.each(modelRenames)('in the models: %s → %s', async (from, to) => {
    const is = await after(
      base.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to).replaceAll(`recruits_${from}`, `recruits_${to}`),
    )
    expect(found(is, false)).toEqual([`${from} → ${to}`])
  })
})

/** A column that went and another that came. */
const unrelated: [from: string, add: string][] = [
  ['id_number', 'cohort TEXT'],
  ['id_number', 'personal_email_address TEXT'],
  ['chatname', "cohort TEXT NOT NULL DEFAULT ''"],
  ['surname', 'city TEXT'],
  ['first_name', 'motto TEXT'],
  ['note', 'shoe_size TEXT'],
  ['note', 'age_group INTEGER'],
  ['email', 'phone TEXT'],
  ['age', 'height INTEGER'],
  ['age', 'age_text TEXT'],
  ['born', 'left_on DATE'],
  ['score', 'height NUMERIC(5, 2)'],
  ['is_active', 'has_laptop BOOLEAN NOT NULL DEFAULT true'],
  ['tags', 'pets TEXT[]'],
  ['joined', 'paid TIMESTAMP(3)'],
  ['cohort_id', 'seat INTEGER'],
  ['github_name', 'colour TEXT'],
  ['id_number', 'badge TEXT'],
  ['surname', 'food TEXT'],
  ['email', 'web_page TEXT'],
]

describe(`${unrelated.length} drops and adds of unrelated columns are not called renames`, () => {
  test.each(unrelated)('%s gone, %s new', async (from, add) => {
    const is = await after(`${base}; ${swap(from, add)}`)
    expect(found(is, true)).toEqual([])
    expect(found(is, false)).toEqual([])
  })
})

test('a table with another name, with the column that refers to it and a view over both, is two renames and nothing else', async () => {
  const view =
    'CREATE VIEW cards AS SELECT r.id, r.cohort_id, c.name AS cohort FROM recruits r JOIN cohorts c ON c.id = r.cohort_id'
  const before = await after(`${base}; ${view}`)
  const byHand = `ALTER TABLE cohorts RENAME TO groups; ${rename('cohort_id', 'group_id')}`
  const is = await after(`${base}; ${view}; ${byHand}`)
  const { renames, named } = likelyRenames(before, is, { isLive: true })
  expect(renames.map(({ table, isTable = false, from, to }) => ({ table, isTable, from, to }))).toEqual([
    { table: 'groups', isTable: true, from: 'cohorts', to: 'groups' },
    { table: 'recruits', isTable: false, from: 'cohort_id', to: 'group_id' },
  ])
  expect(compareCatalogs(named, is)).toEqual([])
  expect(renames.map(describeRename)).toEqual([
    'table cohorts is called groups, or it is a drop and another table',
    'column recruits.cohort_id is called group_id, or it is a drop and an add',
  ])
  // On PROD the rows of the table stay where they are, and it is no other one.
  const { command } = await findKeeping(admin, { differences: [], renames }, { should: before, live: is })
  expect(command).toMatch(/RENAME COLUMN .*group_id.* TO .*cohort_id.*RENAME TO .*cohorts/)
  expect(command).not.toContain('archive')
  const back = renamesBack(renames).join(' ')
  expect(compareCatalogs(before, await after(`${base}; ${view}; ${byHand}; ${back}`))).toEqual([])
})

test('on a live database a table that was dropped and a like one that was made are no rename: its key has another name', async () => {
  const before = await after('CREATE TABLE old (id SERIAL PRIMARY KEY, name TEXT)')
  const made = await after('CREATE TABLE young (id SERIAL PRIMARY KEY, name TEXT)')
  expect(likelyRenames(before, made, { isLive: true }).renames).toEqual([])
  const renamed = await after('CREATE TABLE old (id SERIAL PRIMARY KEY, name TEXT); ALTER TABLE old RENAME TO young')
  expect(likelyRenames(before, renamed, { isLive: true }).renames).toMatchObject([
    { from: 'old', to: 'young', evidence: ['2 of 2 columns are the same', 'it still has old_pkey'] },
  ])
  // In the models names of keys follow the table.
  expect(likelyRenames(before, made, { isLive: false }).renames).toHaveLength(1)
})

test('the evidence says why, and the type has to be the same', async () => {
  const [guess] = findRenames(should, await after(`${base}; ${rename('email', 'mail')}`), { isLive: true })
  expect(guess!.evidence).toEqual([
    'both are text, may be NULL',
    'mail has the column number of email, 7: a column that is added gets a new one',
    'its unique index moved along',
    'the names are alike',
  ])
  expect(
    found(await after(`${base}; ${rename('age', 'years')}; ALTER TABLE recruits ALTER COLUMN years TYPE TEXT`), true),
  ).toEqual([])
})
