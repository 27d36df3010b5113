import type { Catalog } from './catalog.ts'
import { dotted } from './dotted-name.ts'

/**
 * Of a relation between two lists Prisma makes a table `_PostToTag` with the columns A and B, the models in the order of
 * the alphabet. A model with a new name can change the order; then the values of A and B have to change places too, or
 * each link would be between other rows. Returns both renames.
 */
export function turnedPairs(model: Catalog, live: Catalog): { from: string; to: string }[] {
  return model.tables
    .map(({ name }) => name)
    .filter((name) => {
      const [should, is] = [ends(model, name), ends(live, name)]
      return is.A !== undefined && is.A !== is.B && is.A === should.B && is.B === should.A
    })
    .flatMap((name) => [
      { from: dotted(name, 'A'), to: 'B' },
      { from: dotted(name, 'B'), to: 'A' },
    ])
}

/** What its two columns refer to. */
function ends({ objects }: Catalog, table: string): { A?: string | undefined; B?: string | undefined } {
  const keys = objects.filter(({ kind, table: of }) => kind === 'foreign key' && of === table && table.startsWith('_'))
  const end = (column: string) =>
    keys
      .map(({ definition }) => /^FOREIGN KEY \("(A|B)"\) REFERENCES (.+?) ON /.exec(definition))
      .find((found) => found?.[1] === column)?.[2]
  return { A: end('A'), B: end('B') }
}
