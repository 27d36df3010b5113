import { astray } from './obedient-astray.ts'
import { elsewhere } from './obedient-elsewhere.ts'
import { halfWay } from './obedient-half-way.ts'
import { histories } from './obedient-histories.ts'
import { right } from './obedient-right.ts'
import { files, type State } from './obedient-state.ts'
import { tricks } from './obedient-tricks.ts'
import { untrue } from './obedient-untrue.ts'
import { wrong } from './obedient-wrong.ts'

/** A step that is not begun: what a person has to write is said, and what is only typed leads to its end. */
const notBegun: State[] = Object.entries({
  1: /Edit prisma\/schema.prisma/,
  2: /Make the migration/,
  3: /Write seeds\/c25.ts/,
  4: /Edit prisma\/schema.prisma/,
  5: /they leave|they make no/,
  6: /Edit prisma\/schema.prisma/,
  7: 'done',
  8: 'done',
  9: /Edit prisma\/schema.prisma/,
  10: /Write seeds\/c26.ts/,
  11: 'done',
  12: /Edit prisma\/schema.prisma/,
  13: /Write seeds\/c27.ts/,
  14: 'done',
  15: /Edit prisma\/schema.prisma/,
  16: /Write seeds\/c28.ts/,
} as const).map(([step, ends]) => ({
  name: `step ${step}, not begun`,
  at: Number(step) - 1,
  step: Number(step),
  did: [],
  says: /✗/,
  ends,
}))

/** The files of a step are written, and nothing was typed yet. */
const onlyWritten: State[] = [2, 3, 4, 5, 6, 9, 10, 12, 13, 15, 16].map((step) => ({
  name: `step ${step}, only written`,
  at: step - 1,
  step,
  did: [files(step, 'prisma', 'seeds')],
  says: /✗/,
  ends: 'done',
}))

export const states: readonly State[] = [
  ...wrong,
  ...untrue,
  ...tricks,
  ...right,
  ...halfWay,
  ...astray,
  ...elsewhere,
  ...histories,
  ...notBegun,
  ...onlyWritten,
]
