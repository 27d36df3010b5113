import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { renderDrift } from '../../../kit/drift/drift-lines.ts'
import type { Layer, Link } from '../../../kit/drift/drift-report.ts'
import { renderTable } from '../../../kit/drift/drift-table.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { driftBed, type DriftBed } from './drift-bed.ts'
import { laid } from '../../support/laid-steps.ts'
import { must } from '../../support/measure.ts'

let bed: DriftBed
beforeAll(async () => {
  bed = await driftBed()
})
beforeEach(() => bed.reset())
afterAll(() => bed?.remove())

describe('on the screen', () => {
  const columnsOf = (...some: string[]): Layer['catalog'] => {
    const columns = some.map((name) => ({
      name,
      type: 'text',
      nullable: true,
      default: null,
      generated: null,
      position: 1,
    }))
    return { tables: [{ name: 'recruits', columns }], objects: [] }
  }
  const layers: Layer[] = [
    { name: 'schema', catalog: columnsOf('id', 'personal_email_address')! },
    { name: 'dev', catalog: columnsOf('id', 'chort')! },
    { name: 'prod' },
  ]

  test('a row for each column, a cell for each layer; where it is narrow, a letter for each layer', () => {
    const plain = (width: number) =>
      renderTable({ layers, links: [] }, width).map((line) => stripVTControlCharacters(line))
    expect(plain(80)).toEqual([
      '                          schema  DEV  PROD',
      'recruits',
      '  id                         ·     ·     ?',
      '  personal_email_address     ·     −     ?',
      '  chort                            +     ?',
      '· same   + extra   − missing   ≠ different',
    ])
    expect(plain(30)).toContain('S schema · D DEV · P PROD')
    expect(plain(30)).toContain('  personal_email_ad…  ·  −  ?')
    expect(
      Math.max(
        ...plain(30)
          .slice(0, 5)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(30)
  })

  test('of many tables, those that say the same everywhere are one line, and one that is missing is one too', () => {
    const column = (name: string) => ({ ...columnsOf('x')!.tables[0]!.columns[0]!, name })
    const tables = (some: readonly string[]) => ({
      tables: some.map((name) => ({ name, columns: ['id', 'a', 'b'].map(column) })),
      objects: [],
    })
    const names = Array.from({ length: 26 }, (_, i) => `t${i + 10}`)
    const dev = tables(names)
    dev.tables[3]!.columns.push(column('by_hand'))
    const all: Layer[] = [
      { name: 'schema', catalog: tables(names) },
      { name: 'dev', catalog: dev },
      { name: 'prod', catalog: tables(names.slice(1)) },
    ]
    const plain = (shown: Layer[]) =>
      renderTable({ layers: shown, links: [] }).map((line) => stripVTControlCharacters(line))
    expect(plain(all)).toEqual([
      '                 schema  DEV  PROD',
      't10',
      '  all 3 columns     ·     ·     −',
      't13',
      '  id                ·     ·     ·',
      '  a                 ·     ·     ·',
      '  b                 ·     ·     ·',
      '  by_hand                 +',
      '24 other tables',
      '  and 72 columns that are the same everywhere',
      '· same   + extra   − missing   ≠ different',
    ])
    expect(plain([...all.slice(0, 2), { name: 'prod' }])).toContain('25 other tables, as far as they are known')
  })

  test('a hundred differences, and their SQL, are cut short: what to type next stays on the screen', () => {
    const names = Array.from({ length: 100 }, (_, i) => `c${i}`)
    const link: Link = {
      from: 'migrations',
      to: 'dev',
      differences: names.map((name) => ({
        what: 'extra',
        kind: 'column',
        table: 't',
        name,
        words: `column t.${name} is extra`,
        sql: [],
        ranks: [],
      })),
      renames: [],
      history: [],
      obstacles: [],
      sql: names.map((name) => `ALTER TABLE "t" DROP COLUMN "${name}";`),
      next: ['npm run db reset'],
      isInSync: false,
    }
    const lines = renderDrift({ layers, links: [link], state: 'differs' }).map((line) => stripVTControlCharacters(line))
    expect(lines.filter((line) => line.includes('… and 40 more lines:  npm run drift -- --json'))).toHaveLength(2)
    expect(lines.join('\n')).toContain('100 differences by hand')
    expect(lines.at(-1)).toBe('next  npm run db reset')
  })

  test('a table with 1,000 columns shows those that differ, and counts the others', async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `c${i} TEXT`).join(', ')
    bed.migration('20990101000000_wide', `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${many});\n`)
    await applyMigrations(bed.url('dev'), bed.file('prisma/migrations'))
    await must(bed.run('migrate', 'deploy', '--env', 'prod'))
    const schema = `${laid(10)['prisma/schema.prisma']}\nmodel wide {\n  id Int @id\n${many.replaceAll(/(c\d+) TEXT,? ?/g, '  $1 String?\n')}}\n`
    bed.write('prisma/schema.prisma', schema)
    bed.write('prisma/generated/internal/class.ts', `"inlineSchema": ${JSON.stringify(schema)}`)
    await bed.sql('dev', 'ALTER TABLE wide DROP COLUMN c500')
    const output = (await bed.door('drift')).output
    bed.write('prisma/schema.prisma', laid(10)['prisma/schema.prisma']!)
    expect((await bed.door('drift')).output).toContain('and 981 more that differ')
    expect(output).toMatch(/^ {2}c500 +· +· +− +· +·/m)
    expect(output).toContain('and 1000 columns that are the same everywhere')
    expect(output.split('\n').length).toBeLessThan(50)
    expect(
      Math.max(
        ...output
          .split('\n')
          .filter((line) => !/prisma migrate diff|migrate --/.test(line))
          .map((line) => line.length),
      ),
    ).toBeLessThan(100)
  })
})
