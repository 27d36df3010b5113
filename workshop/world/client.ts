import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../plain/problem.ts'
import { alone } from './lock.ts'
import { collect, prisma } from './processes.ts'
import { projectRoot, stateDir } from './project.ts'

const schema = join(projectRoot, 'prisma', 'schema.prisma')
const client = join(projectRoot, 'prisma', 'generated')

/**
 * Brings Prisma Client up to prisma/schema.prisma; Prisma 7 never does by itself. A client that was made once for a
 * schema is kept in .workshop/clients, so that going back to a step does not make it again.
 */
export async function ensureClient(say: (line: string) => void): Promise<void> {
  const wanted = hash()
  if (isMadeFor(wanted)) return
  await alone('client', say, async () => {
    if (isMadeFor(wanted)) return
    const kept = join(stateDir, 'clients', wanted)
    if (existsSync(kept)) {
      rmSync(client, { recursive: true, force: true })
      cpSync(kept, client, { recursive: true })
    } else {
      say('Generating Prisma Client from prisma/schema.prisma …')
      await generate()
      const fresh = `${kept}.new`
      cpSync(client, fresh, { recursive: true })
      renameSync(fresh, kept)
    }
    // Written last: a copy that was cut off is made again.
    writeFileSync(join(client, '.schema-hash'), wanted)
  })
}

async function generate(): Promise<void> {
  const { code, output } = await collect([...prisma, 'generate'])
  if (code === 0) return
  throw new Problem('Prisma Client was not generated.', {
    why: `Prisma says:\n\n${output.replace(/^Loaded Prisma config.*\n+/, '').trim()}\n`,
    next: 'Correct prisma/schema.prisma, then type the same command again.',
  })
}

function isMadeFor(wanted: string): boolean {
  const file = join(client, '.schema-hash')
  return existsSync(file) && readFileSync(file, 'utf8') === wanted
}

/** Of the schema and of Prisma's version. */
function hash(): string {
  if (!existsSync(schema)) {
    throw new Problem('There is no prisma/schema.prisma.', {
      why: 'Prisma Client is generated from it.',
      next: 'git checkout HEAD -- prisma/schema.prisma',
    })
  }
  const version = readFileSync(join(projectRoot, 'node_modules', 'prisma', 'package.json'))
  return createHash('sha256').update(readFileSync(schema)).update(version).digest('hex').slice(0, 16)
}
