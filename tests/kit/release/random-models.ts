/** Models with rows, and the same ones changed: each thing keeps its key, whatever it is called. */
export interface RandomModels {
  enums: Enum[]
  models: Model[]
  pairs: Pair[]
}
interface Enum {
  key: number
  name: string
  labels: { key: number; name: string }[]
}
export interface Model {
  key: number
  name: string
  /** In the database. */
  table: string
  /** Whether the database gives the ids. */
  isNumbered: boolean
  fields: Field[]
  /** Keys of the fields. */
  indexes: { fields: number[]; isUnique: boolean }[]
}
export interface Field {
  key: number
  name: string
  column: string
  type: string
  /** Key of an enum, in place of a type. */
  of?: number
  /** As in `@db.VarChar(40)`. */
  native: string
  isOptional: boolean
  isUnique: boolean
  default?: string
  /** Key of the model that it refers to, and what becomes of it with that one. */
  to?: { model: number; onDelete: string }
}
/** A relation between two lists. */
interface Pair {
  name: string
  ends: [number, number]
}

export type Random = () => number

/** The same numbers for a seed. */
export function numbers(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32
  }
}

/** Types, with what may be said of each. */
export const natives: Record<string, string[]> = {
  Int: ['', '@db.SmallInt'],
  BigInt: [''],
  Float: ['', '@db.Real'],
  Decimal: ['', '@db.Decimal(12, 4)'],
  String: ['', '@db.VarChar(60)', '@db.Text'],
  Boolean: [''],
  DateTime: ['', '@db.Timestamptz(3)', '@db.Timestamp(6)', '@db.Date', '@db.Timestamptz(6)'],
  Json: ['', '@db.Json'],
  Bytes: [''],
  'Int[]': [''],
  'String[]': [''],
}
const words = [
  'user',
  'order',
  'desc',
  'from',
  'userName',
  'username',
  'UserName',
  'c.d',
  'über',
  "it's",
  'a b',
  'A',
  'B',
  'id2',
]

export function randomModels(random: Random): RandomModels {
  keys = 0
  const maker = makerOf(random)
  const all: RandomModels = { enums: [], models: [], pairs: [] }
  for (let i = maker.upTo(2); i > 0; i--) all.enums.push(maker.anEnum(all))
  for (let i = 1 + maker.upTo(3); i > 0; i--) all.models.push(maker.aModel(all))
  for (const model of all.models) if (maker.chance(0.5)) maker.refer(model, all)
  if (all.models.length > 1 && maker.chance(0.5)) maker.pair(all)
  return all
}

export type Maker = ReturnType<typeof makerOf>

/** Counts on, so that a seed alone tells all names. */
let keys = 0

export function makerOf(random: Random) {
  const nextKey = () => ++keys
  const upTo = (n: number) => Math.floor(random() * (n + 1))
  const chance = (share: number) => random() < share
  const pick = <One>(list: readonly One[]) => list[Math.floor(random() * list.length)]!
  const free = (wanted: () => string, taken: readonly string[]) => {
    for (let n = 0; ; n++) {
      const name = `${wanted()}${n > 5 ? n : ''}`
      if (!taken.includes(name)) return name
    }
  }
  const freeColumn = ({ fields }: Pick<Model, 'fields'>) =>
    free(() => (chance(0.6) ? `c${upTo(30)}` : pick(words)), ['id', ...fields.map(({ column }) => column)])
  const freeTable = ({ models }: RandomModels) =>
    free(
      () => (chance(0.6) ? `t${upTo(30)}` : pick(words)),
      models.map(({ table }) => table),
    )
  const freeName = ({ models }: RandomModels) =>
    free(
      () => `M${upTo(60)}`,
      models.map(({ name }) => name),
    )
  const maker = {
    nextKey,
    upTo,
    chance,
    pick,
    freeColumn,
    freeTable,
    freeName,
    anEnum: ({ enums }: RandomModels): Enum => {
      const labels = Array.from({ length: 2 + upTo(2) }, nextKey)
      return {
        key: nextKey(),
        name: free(
          () => `E${upTo(60)}`,
          enums.map(({ name }) => name),
        ),
        labels: labels.map((key) => ({ key, name: `L${key}` })),
      }
    },
    aField: ({ enums }: RandomModels, model: Pick<Model, 'fields'>): Field => {
      const of = enums.length > 0 && chance(0.2) ? pick(enums).key : undefined
      const type = of === undefined ? pick(Object.keys(natives)) : ''
      const key = nextKey()
      const value = { Int: '7', String: '"x"', Boolean: 'true', DateTime: 'now()' }[type]
      return {
        key,
        name: `f${key}`,
        column: freeColumn(model),
        type,
        ...(of !== undefined && { of }),
        native: of === undefined ? pick(natives[type]!) : '',
        isOptional: !type.endsWith('[]') && chance(0.5),
        isUnique: type !== 'Json' && chance(0.15),
        ...(value && chance(0.4) && { default: value }),
      }
    },
    aModel: (all: RandomModels): Model => {
      const fields: Field[] = []
      for (let i = 1 + upTo(4); i > 0; i--) fields.push(maker.aField(all, { fields }))
      const model = {
        key: nextKey(),
        name: freeName(all),
        table: freeTable(all),
        isNumbered: chance(0.4),
        fields,
        indexes: [],
      }
      return chance(0.4) ? { ...model, indexes: [maker.anIndex(model)] } : model
    },
    anIndex: ({ fields }: Pick<Model, 'fields'>) => {
      const some = fields.filter(({ type }) => type !== 'Json').slice(0, 1 + upTo(1))
      return { fields: some.map(({ key }) => key), isUnique: chance(0.3) }
    },
    refer(model: Model, all: RandomModels) {
      const key = nextKey()
      const to = { model: pick(all.models).key, onDelete: pick(['Cascade', 'Restrict']) }
      const names = { key, name: `f${key}`, column: freeColumn(model) }
      model.fields.push({ ...names, type: 'Int', native: '', isOptional: true, isUnique: false, to })
    },
    pair(all: RandomModels) {
      all.pairs.push({ name: `p${nextKey()}`, ends: [all.models[0]!.key, all.models[1]!.key] })
    },
    dropField(model: Model) {
      const gone = pick(model.fields)
      if (model.fields.length < 2) return
      model.fields = model.fields.filter((field) => field !== gone)
      model.indexes = model.indexes.filter(({ fields }) => !fields.includes(gone.key))
    },
    dropModel(gone: Model, all: RandomModels) {
      all.models = all.models.filter((model) => model !== gone)
      all.pairs = all.pairs.filter(({ ends }) => !ends.includes(gone.key))
      for (const { fields } of all.models) for (const field of fields) if (field.to?.model === gone.key) delete field.to
    },
  }
  return maker
}
