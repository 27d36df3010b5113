import type { Field, RandomModels } from './random-models.ts'

/** The text of the models, as a schema.prisma has them. */
export function modelsText({ enums, models, pairs }: RandomModels): string {
  const nameOf = (key: number) => models.find((model) => model.key === key)!.name
  const line = (field: Field) => {
    const type = field.of === undefined ? field.type : enums.find(({ key }) => key === field.of)!.name
    const parts = [
      `${field.name} ${type}${field.isOptional ? '?' : ''}`,
      field.native,
      field.isUnique ? '@unique' : '',
      field.default === undefined ? '' : `@default(${field.default})`,
      `@map(${JSON.stringify(field.column)})`,
    ]
    const relation = field.to && relationOf(field, nameOf(field.to.model))
    return [parts.filter(Boolean).join(' '), ...(relation ? [relation] : [])]
  }
  const back = (key: number) =>
    models.flatMap((model) =>
      model.fields
        .filter(({ to }) => to?.model === key)
        .map((field) => `b${field.key} ${model.name}${field.isUnique ? '?' : '[]'} @relation("r${field.key}")`),
    )
  const lists = (key: number) =>
    pairs
      .filter(({ ends }) => ends.includes(key))
      .map(({ name, ends }) => `${name} ${nameOf(ends.find((end) => end !== key)!)}[] @relation("${name}")`)
  return [
    ...enums.map(({ name, labels }) => `enum ${name} {\n${labels.map((label) => `  ${label.name}\n`).join('')}}`),
    ...models.map((model) => {
      const fieldName = (key: number) => model.fields.find((field) => field.key === key)!.name
      const lines = [
        `id Int @id${model.isNumbered ? ' @default(autoincrement())' : ''}`,
        ...model.fields.flatMap(line),
        ...back(model.key),
        ...lists(model.key),
        ...model.indexes
          .filter((index) => !isSaidTwice(index, model.fields))
          .map(({ fields, isUnique }) => `@@${isUnique ? 'unique' : 'index'}([${fields.map(fieldName).join(', ')}])`),
        `@@map(${JSON.stringify(model.table)})`,
      ]
      return `model ${model.name} {\n${lines.map((one) => `  ${one}\n`).join('')}}`
    }),
  ].join('\n')
}

/** A unique index of one field that is unique already. */
function isSaidTwice(index: { fields: number[]; isUnique: boolean }, fields: readonly Field[]): boolean {
  const own = fields.filter(({ key }) => index.fields.includes(key))
  return own.length === 0 || (index.isUnique && own.length === 1 && own[0]!.isUnique)
}

function relationOf({ key, name, to, isOptional }: Field, target: string): string {
  return `r${key} ${target}${isOptional ? '?' : ''} @relation("r${key}", fields: [${name}], references: [id], onDelete: ${to!.onDelete})`
}

const quoted = (name: string) => `"${name}"`

/** Rows for the models. */
export function rowsOf({ enums, models, pairs }: RandomModels, random: () => number): string {
  const value = (field: Field, row: number): string => {
    if (field.to) return random() < 0.7 ? String(1 + Math.floor(random() * 3)) : 'NULL'
    if (field.isOptional && random() < 0.3) return 'NULL'
    if (field.of !== undefined) {
      const { labels } = enums.find(({ key }) => key === field.of)!
      return `'${labels[field.isUnique ? row % labels.length : Math.floor(random() * labels.length)]!.name}'`
    }
    const n = field.isUnique ? row : Math.floor(random() * 100)
    return literals[field.type]!(n)
  }
  const inserts = models.map(({ table, fields }) => {
    const rows = [1, 2, 3].map(
      (row) => `(${[row, ...fields.map((field) => (field.to ? 'NULL' : value(field, row)))].join(', ')})`,
    )
    const columns = ['id', ...fields.map(({ column }) => column)].map(quoted).join(', ')
    return `INSERT INTO ${quoted(table)} (${columns}) VALUES ${rows.join(', ')} ON CONFLICT DO NOTHING;`
  })
  const references = models.flatMap(({ table, fields }) =>
    fields
      .filter(({ to }) => to)
      .flatMap((field) =>
        [1, 2, 3].map((row) => {
          const { table: other } = models.find(({ key }) => key === field.to!.model)!
          return `UPDATE ${quoted(table)} SET ${quoted(field.column)} = (SELECT max(id) FROM ${quoted(other)} WHERE id <= ${value(field, row)}) WHERE id = ${row};`
        }),
      ),
  )
  const links = pairs.map(({ name, ends }) => {
    const [a, b] = ends
      .map((end) => models.find(({ key }) => key === end)!)
      .toSorted((x, y) => (x.name < y.name ? -1 : 1))
    return `INSERT INTO "_${name}" SELECT a.id, b.id FROM ${quoted(a!.table)} AS a, ${quoted(b!.table)} AS b WHERE a.id <> b.id;`
  })
  return [...inserts, ...references, ...links].join('\n')
}

const literals: Record<string, (n: number) => string> = {
  Int: (n) => `${n}`,
  BigInt: (n) => `${n}`,
  Float: (n) => `${n}.5`,
  Decimal: (n) => `${n}.25`,
  String: (n) => (n % 3 === 0 ? `'${n}'` : `'it''s – ${n}'`),
  Boolean: (n) => String(n % 2 === 0),
  // About the hours at which clocks change.
  DateTime: (n) => `'2024-03-${String(29 + (n % 3)).padStart(2, '0')} 0${n % 4}:30:00.123'`,
  Json: (n) => `'{"n": ${n}}'`,
  Bytes: (n) => `'\\x00ff${String(n).padStart(2, '0')}'`,
  'Int[]': (n) => `'{${n},2}'`,
  'String[]': (n) => `'{"a b",x${n}}'`,
}
