import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { guardBed, send, type Copy, type Ending, type GuardBed } from './guard-bed.ts'
import { oneValueOf, ownTypes, withoutInput } from '../../support/guard-types.ts'

let bed: GuardBed
let copy: Copy

beforeAll(async () => {
  bed = await guardBed()
  copy = await bed.copy(undefined, 'empty')
  await copy.prod.query(`CREATE SCHEMA archive; ${ownTypes}`)
})
afterAll(async () => {
  await copy?.remove()
  await bed?.stop()
})

const id = pg.escapeIdentifier

/** The SQL in a refusal's hint, as it stands there. */
function sqlIn({ hint }: Ending): string {
  expect(hint).toContain('CREATE TABLE archive.')
  // psql shows it as it comes: a statement a line, and none wider than a terminal but for its names.
  expect(hint.split('\n').filter((line) => line.length > 80 && !/[^\s"]{30}/.test(line))).toEqual([])
  return hint.slice(hint.indexOf(':\n') + 2)
}

/** The statement itself, then the SQL in its hint, then the statement again: what each ends with. */
async function keepByHint(sql: string): Promise<string[]> {
  const refusal = await send(copy.prod, sql)
  const endings = [refusal, await send(copy.prod, sqlIn(refusal)), await send(copy.prod, sql)]
  return endings.map(({ ends, message }) => `${ends} ${message}`.trim())
}
const refusedThenKept = (message: string) => [`WK001 ${message}`, 'passes', 'passes']

describe('a column of every type', () => {
  test('is among them: PostgreSQL has no type that is left out', async () => {
    const { rows } = await copy.admin.query<{ typname: string }>(
      `SELECT typname FROM pg_type t WHERE typtype IN ('b', 'r', 'm') AND typnamespace = 'pg_catalog'::regnamespace
         AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND typname <> ALL ($1)`,
      [[...Object.keys(oneValueOf), ...withoutInput]],
    )
    expect(rows).toEqual([])
  })

  test.each(Object.entries(oneValueOf))(
    'is not dropped with its values, and may go once they are archived: %s',
    async (name, value) => {
      const type = id(name)
      const { prod } = copy
      await prod.query(`BEGIN; CREATE TABLE typed (id int PRIMARY KEY, one ${type}, many ${type}[])`)
      await prod.query(
        `INSERT INTO typed VALUES (1, $1::text::${type}, $2::text[]::${type}[]), (2, $1::text::${type}, '{}'), (3, NULL, NULL)`,
        [value, [value, null]],
      )
      for (const column of ['one', 'many']) {
        const read = async (table: string) =>
          (await prod.query(`SELECT id, format('%s', ${column}) AS value FROM ${table} ORDER BY id`)).rows
        const was = await read('typed')
        await prod.query('SAVEPOINT before')
        const refusal = await prod.query(`ALTER TABLE typed DROP COLUMN ${column}`).catch((error: unknown) => error)
        expect(refusal).toMatchObject({
          code: 'WK001',
          message: `typed.${column} was not dropped: 2 of its 2 values are kept nowhere else.`,
        })
        await prod.query('ROLLBACK TO before')
        await prod.query(sqlIn(refusal as Ending))
        await prod.query(`ALTER TABLE typed DROP COLUMN ${column}`)
        expect(await read(`archive.typed_${column}`)).toEqual(was)
      }
    },
  )
  afterEach(() => copy.prod.query('ROLLBACK'))
})

describe('values of every kind', () => {
  const kinds: [kind: string, value: string][] = [
    ['empty', "''"],
    ['of blanks', "E' \\t\\n'"],
    ['huge', "repeat('0123456789', 500000)"],
    ['SQL', "'''); DROP TABLE kinds; --'"],
    ['a format', "'%s %1$I %% \\\\ $1 $$'"],
    ['in other scripts', "U&'\\00e4 \\0061\\0308 \\+01F600 \\200F'"],
    ['the word null', "'NULL'"],
  ]

  test.each(kinds)('are kept: %s', async (kind, value) => {
    const table = id(`kind ${kind}`)
    await copy.prod.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, v text); INSERT INTO ${table} VALUES (1, ${value}), (2, NULL), (3, ${value} || 'x')`,
    )
    const almost = `CREATE TABLE archive.almost AS SELECT id, CASE id WHEN 3 THEN left(v, -1) || 'X' ELSE v END AS v FROM ${table}`
    expect(await send(copy.prod, `${almost}; ALTER TABLE ${table} DROP v`)).toMatchObject({
      ends: 'WK001',
      message: `kind ${kind}.v was not dropped: 1 of its 2 values are kept nowhere else.`,
    })
    expect(await keepByHint(`ALTER TABLE ${table} DROP v`)).toEqual(
      refusedThenKept(`kind ${kind}.v was not dropped: 2 of its 2 values are kept nowhere else.`),
    )
  })

  test('that are all NULL are none, so the column may go', async () => {
    await copy.prod.query('CREATE TABLE nothing (id int PRIMARY KEY, v text); INSERT INTO nothing VALUES (1), (2)')
    expect(await send(copy.prod, 'ALTER TABLE nothing DROP v')).toMatchObject({ ends: 'passes' })
  })

  test('in names are kept too, however long or odd the names are', async () => {
    const names = [
      'x'.repeat(63),
      'ü'.repeat(31),
      `a"b'c;d--e`,
      '/* no */',
      'select',
      '%I %s',
      ' ',
      'row_key',
      'row_key_',
      't',
      'x',
    ]
    for (const name of names) {
      await copy.prod.query(`CREATE TABLE ${id(name)} (${id(name)} int PRIMARY KEY, ${id(name.slice(1) + 'v')} text)`)
      await copy.prod.query(`INSERT INTO ${id(name)} VALUES (1, ${pg.escapeLiteral(name)})`)
      const refusal = await send(copy.prod, `ALTER TABLE ${id(name)} DROP COLUMN ${id(name.slice(1) + 'v')}`)
      expect({ name, ...refusal }).toMatchObject({ name, ends: 'WK001' })
      await copy.prod.query(sqlIn(refusal))
      expect({
        name,
        ...(await send(copy.prod, `ALTER TABLE ${id(name)} DROP COLUMN ${id(name.slice(1) + 'v')}`)),
      }).toMatchObject({ name, ends: 'passes' })
    }
  })
})

describe('tables with keys of every kind', () => {
  const keys: [kind: string, columns: string, rows: string][] = [
    ['none', 'a int, v text', "(1, 'x'), (1, 'x'), (NULL, 'y')"],
    ['none, and all in one column', 'v text', "('x'), ('x'), ('y')"],
    ['two columns', 'a int, b text, v text, PRIMARY KEY (b, a)', "(1, 'p,q', 'x'), (1, 'p', 'x'), (2, '\"', 'y')"],
    [
      'a uuid',
      'a uuid PRIMARY KEY DEFAULT gen_random_uuid(), v text',
      "(DEFAULT, 'x'), (DEFAULT, 'x'), (DEFAULT, 'y')",
    ],
    ['a text', 'a text PRIMARY KEY, v text', "('', 'x'), (' ', 'x'), ('''; --', 'y')"],
    [
      'a time',
      'a timestamptz PRIMARY KEY, v text',
      "('2025-01-06 09:00+01', 'x'), ('infinity', 'x'), ('2025-01-06', 'y')",
    ],
    ['a unique index alone', 'a int NOT NULL UNIQUE, v text', "(1, 'x'), (2, 'x'), (3, 'y')"],
    ['a unique index over what may be NULL', 'a int UNIQUE, v text', "(1, 'x'), (NULL, 'x'), (NULL, 'y')"],
    [
      'an identity',
      'a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text',
      "(DEFAULT, 'x'), (DEFAULT, 'x'), (DEFAULT, 'y')",
    ],
    ['the last column', 'v text, a int PRIMARY KEY', "('x', 1), ('x', 2), ('y', 3)"],
  ]

  /** No two tables hold equal values: each needs an archive of its own. */
  const rowsFor = (table: string, rows: string) =>
    rows.replace(/'[xy]'/g, (value) => `${value} || ${pg.escapeLiteral(table)}`)

  test.each(keys)('keep their columns: %s', async (kind, columns, rows) => {
    const table = id(`key ${kind}`)
    await copy.prod.query(`CREATE TABLE ${table} (${columns}); INSERT INTO ${table} VALUES ${rowsFor(table, rows)}`)
    expect(await keepByHint(`ALTER TABLE ${table} DROP v`)).toEqual(
      refusedThenKept(`key ${kind}.v was not dropped: 3 of its 3 values are kept nowhere else.`),
    )
  })

  test.each(keys)('keep themselves: %s', async (kind, columns, rows) => {
    const name = `tab ${kind}`
    await copy.prod.query(
      `CREATE TABLE ${id(name)} (${columns}); INSERT INTO ${id(name)} VALUES ${rowsFor(name, rows)}`,
    )
    const refusal = await send(copy.prod, `DROP TABLE ${id(name)}`)
    expect(refusal.ends).toBe('WK001')
    expect(refusal.message).toMatch(
      new RegExp(`^${name} was not dropped: 3 of its rows, with \\d values, are kept nowhere else\\.$`),
    )
    expect(await send(copy.prod, sqlIn(refusal))).toMatchObject({ ends: 'passes', message: '' })
    expect(await send(copy.prod, `DROP TABLE ${id(name)}`)).toMatchObject({ ends: 'passes', message: '' })
  })

  test('find the archive again when the key has got another name since', async () => {
    await copy.prod.query("CREATE TABLE renamed (id int PRIMARY KEY, v text); INSERT INTO renamed VALUES (1, 'x')")
    await copy.prod.query(
      'CREATE TABLE archive.renamed AS TABLE renamed; ALTER TABLE archive.renamed ADD PRIMARY KEY (id)',
    )
    await copy.prod.query('ALTER TABLE renamed RENAME id TO number')
    expect(await send(copy.prod, 'ALTER TABLE renamed DROP v')).toMatchObject({ ends: 'passes', message: '' })
  })
})

describe('a refusal says what would be lost', () => {
  beforeAll(() =>
    copy.prod.query(`CREATE TABLE people (id int PRIMARY KEY, name text, score numeric(6, 2), shoe int);
      INSERT INTO people VALUES (1, 'Ada', 1.57, 38), (2, 'Grace', NULL, 40), (3, 'Alan', 3.99, 44);
      CREATE TABLE archive.some AS SELECT id, name FROM people WHERE id < 3`),
  )

  test('how many of the values, when some are kept', async () => {
    const message = 'people.name was not dropped: 1 of its 3 values are kept nowhere else.'
    expect(await send(copy.prod, 'ALTER TABLE people DROP name')).toMatchObject({ ends: 'WK001', message })
  })

  test('how many rows, for a DELETE and a TRUNCATE', async () => {
    for (const verb of ['DELETE FROM', 'TRUNCATE']) {
      const { ends, message, hint } = await send(copy.prod, `${verb} people`)
      expect(ends).toBe('WK001')
      expect(message).toBe(
        `${verb.split(' ')[0]} on people is refused: nothing is ever deleted from PROD. All 3 rows stay.`,
      )
      expect(hint).toContain('ADD COLUMN gone_at')
    }
  })

  test('which values a new type would change, and the type passes once they are archived', async () => {
    expect(await keepByHint('ALTER TABLE people ALTER score TYPE int')).toEqual(
      refusedThenKept(
        'The type of people.score was not changed: cast back to numeric(6,2), its 2 values are not all what they were.',
      ),
    )
  })

  test('and the DELETE’s hint can be run as it stands', async () => {
    const { hint } = await send(copy.prod, 'DELETE FROM people')
    expect(await send(copy.prod, hint.slice(hint.indexOf(':\n') + 2).replace('…', 'id = 1'))).toMatchObject({
      ends: 'passes',
      message: '',
    })
  })
})
