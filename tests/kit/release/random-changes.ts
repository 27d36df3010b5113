import { makerOf, natives, type Maker, type Random, type RandomModels } from './random-models.ts'

/** A few changes. What goes, goes; nothing gets the key of something else. */
export function changedModels(before: RandomModels, random: Random): RandomModels {
  const maker = makerOf(random)
  const all = structuredClone(before)
  for (let i = 1 + maker.upTo(4); i > 0; i--) maker.pick(changes)(all, maker)
  return all
}

type Change = (all: RandomModels, maker: Maker) => void

const changes: Change[] = [
  (all, { pick, aField }) => {
    const model = pick(all.models)
    model.fields.push(aField(all, model))
  },
  (all, { pick, dropField }) => dropField(pick(all.models)),
  (all, { pick, freeColumn }) => {
    const model = pick(all.models)
    pick(model.fields).column = freeColumn(model)
  },
  // Two columns change their names.
  (all, { pick }) => {
    const { fields } = pick(all.models)
    const [a, b] = [pick(fields), pick(fields)]
    ;[a.column, b.column] = [b.column, a.column]
  },
  (all, { pick }) => {
    const field = pick(pick(all.models).fields)
    if (!field.type.endsWith('[]')) field.isOptional = !field.isOptional
  },
  (all, { pick }) => {
    const field = pick(pick(all.models).fields)
    const others = ['Int', 'BigInt', 'Float', 'Decimal', 'String', 'DateTime']
    if (field.of === undefined && !field.to && others.includes(field.type)) {
      field.type = pick(others)
      delete field.default
    }
    field.native = field.of === undefined && !field.to ? pick(natives[field.type]!) : ''
  },
  (all, { pick }) => {
    const field = pick(pick(all.models).fields)
    if (!['Json'].includes(field.type)) field.isUnique = !field.isUnique
  },
  (all, { pick, anIndex }) => {
    const model = pick(all.models)
    if (model.indexes.length > 0) model.indexes.pop()
    else model.indexes.push(anIndex(model))
  },
  (all, { pick, freeTable }) => void (pick(all.models).table = freeTable(all)),
  (all, { pick, freeName }) => void (pick(all.models).name = freeName(all)),
  (all, { aModel }) => void all.models.push(aModel(all)),
  (all, { pick, dropModel }) => {
    if (all.models.length > 1) dropModel(pick(all.models), all)
  },
  (all, { pick, nextKey }) => {
    if (all.enums.length > 0) {
      const key = nextKey()
      pick(all.enums).labels.push({ key, name: `L${key}` })
    }
  },
  (all, { pick, nextKey }) => {
    if (all.enums.length > 0) pick(pick(all.enums).labels).name = `L${nextKey()}`
  },
  (all, { pick, refer }) => refer(pick(all.models), all),
  (all, { pick }) => {
    const model = pick(all.models)
    model.isNumbered = !model.isNumbered
  },
  (all, { pick, nextKey }) => {
    if (all.enums.length > 0) pick(all.enums).name = `E${nextKey() + 100}`
  },
  // A text becomes an enum, or an enum a text.
  (all, { pick }) => {
    const field = pick(pick(all.models).fields)
    delete field.default
    if (field.of !== undefined) {
      delete field.of
      field.type = 'String'
    } else if (field.type === 'String' && all.enums.length > 0)
      Object.assign(field, { of: pick(all.enums).key, type: '', native: '' })
  },
  (all, { pick }) => {
    if (all.enums.length > 0) pick(all.enums).labels.reverse()
  },
  (all, { pick }) => {
    const field = pick(pick(all.models).fields)
    if (field.to) field.to.onDelete = pick(['Cascade', 'Restrict', 'NoAction'])
  },
  (all, { pick }) => {
    const field = pick(pick(all.models).fields)
    if (field.to) delete field.to
  },
  (all, { pair }) => {
    if (all.pairs.length > 0) all.pairs.pop()
    else if (all.models.length > 1) pair(all)
  },
]
