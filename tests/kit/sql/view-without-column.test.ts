import { beforeAll, expect, test } from '@jest/globals'
import { loadParser } from '../../../kit/sql/tree.ts'
import { viewWithoutColumn } from '../../../kit/sql/view-without-column.ts'

beforeAll(loadParser)

const from = 'FROM (public.devices d JOIN public.campuses c ON (c.id = d.campus_id))'
const view = (list: string, rest = from) => `CREATE VIEW public.register AS\n SELECT ${list}\n   ${rest}`

test.each([
  ['in the middle', 'd.id,\n    d.serial,\n    c.name', 'd.id,\n    c.name', ['serial']],
  ['the first', 'd.serial,\n    d.id', 'd.id', ['serial']],
  ['the last', 'd.id,\n    d.serial', 'd.id', ['serial']],
  ['twice, under names of its own', 'd.serial AS "Größe, x",\n    d.id,\n    d.serial AS b', 'd.id', ['Größe, x', 'b']],
  [
    'beside brackets and another column of that name',
    'COALESCE(d.id, 0) AS a,\n    d.serial,\n    c.serial AS other',
    'COALESCE(d.id, 0) AS a,\n    c.serial AS other',
    ['serial'],
  ],
])('a view shows a column %s, and is made without it', (_, list, left, names) => {
  expect(viewWithoutColumn(view(list), 'devices', 'serial')).toEqual({ sql: view(left), names })
})

test('in a view of one table PostgreSQL names no table', () => {
  const one = (list: string) => view(list, 'FROM public.devices')
  expect(viewWithoutColumn(one('id,\n    serial'), 'devices', 'serial')?.sql).toBe(one('id'))
})

test.each([
  ['in a condition', view('d.id,\n    d.serial', `${from}\n  WHERE (d.serial <> ''::text)`)],
  ['in an expression', view('d.id,\n    upper(d.serial) AS upper')],
  [
    'in a subquery',
    view('d.id,\n    d.serial,\n    ( SELECT count(*) AS count FROM public.loans l WHERE (l.serial = d.serial)) AS n'),
  ],
  ['in a join', view('d.id,\n    d.serial', 'FROM (public.devices d JOIN public.loans l USING (serial))')],
  ['in an order', view('d.id,\n    d.serial', `${from}\n  ORDER BY d.serial`)],
  ['for what is the same', view('DISTINCT d.campus_id,\n    d.serial')],
  ['for groups', view('d.serial,\n    count(*) AS n', 'FROM public.devices d\n  GROUP BY d.serial')],
  ['for two lists', `${view('d.id,\n    d.serial')}\nUNION\n SELECT 1, 'a'::text`],
  ['alone', view('d.serial')],
  ['not at all', view('d.id,\n    c.serial')],
])('a view that uses a column %s is for a person to write', (_, sql) => {
  expect(viewWithoutColumn(sql, 'devices', 'serial')).toBeUndefined()
})
