import { scratchServer } from '../drift/scratch-server.ts'
import { quoted } from '../catalog/catalog-sql.ts'
import type { Stage } from '../deploy/deploy-lines.ts'
import type { SafeForm } from './safe-form.ts'
import { counted } from '../terminal/numbers.ts'
import { leaveNothing } from '../project/leave-nothing.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import { defaultsAsPrinted } from '../catalog/model-text.ts'
import { openSchemas } from '../catalog/schemas.ts'
import type { Place } from '../database/target.ts'
import { attempt } from '../drift/layers.ts'

/** Prisma's own comparison of all migrations with schema.prisma: what a new database would get. */
export async function prove(
  place: Place,
  all: readonly MigrationText[],
  { beyondModel, later }: SafeForm,
  schema: string,
): Promise<Stage> {
  // Prisma takes included columns for columns of the index, and would miss that in schema.prisma.
  const without = beyondModel.map((index) => `DROP INDEX IF EXISTS ${quoted(index)};`)
  const server = await scratchServer(place)
  const { value, problem } = await leaveNothing(
    async () => {
      const schemas = openSchemas(server)
      return { ...schemas, remove: () => schemas.close() }
    },
    ({ asked }) => attempt(() => asked([...[...all, ...later].map(({ sql }) => sql), ...without], server, schema), all),
  )
  if (problem)
    return {
      name: 'proof',
      mark: 'bad',
      words: problem.message,
      more: [problem.why],
      why: `${problem.message} ${problem.why}`,
      next: [problem.next],
    }
  if (value === undefined) {
    return {
      name: 'proof',
      mark: 'ok',
      words: `${counted(all.length, 'migration')} make${all.length === 1 ? 's' : ''} what schema.prisma says, in a new database too (prisma migrate diff)${later.length > 0 ? ', with what the next release adds when the rows are filled' : ''}`,
    }
  }
  const more = value.split('\n').filter((line) => line.trim())
  const asPrinted = defaultsAsPrinted(value)
  return {
    name: 'proof',
    mark: 'bad',
    words: 'Prisma still finds a difference between all migrations and schema.prisma',
    more,
    why: `A database that is made anew would not be what schema.prisma says: ${more.map((line) => line.trim()).join(' ')}`,
    // The release has made these defaults: only their texts can differ.
    next: asPrinted.length > 0 ? asPrinted : [byHand],
  }
}

const byHand = 'npm run migrate -- dev --create-only --name describe_the_change    (and write that one by hand)'
