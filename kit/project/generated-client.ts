import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../terminal/problem.ts'
import { alone } from './lock.ts'
import { collect, prisma } from './processes.ts'
import { packagesDir, projectRoot, stateDir } from './project.ts'

/**
 * Brings Prisma Client up to prisma/schema.prisma; Prisma 7 never does by itself. A client that was made once for a
 * schema is kept in .workshop/clients, so that going back to a step does not make it again. `root` is another folder
 * with a prisma/ of its own.
 */
export async function ensureClient(say: (line: string) => void, root = projectRoot): Promise<void> {
  const wanted = hash(root)
  const client = join(root, 'prisma', 'generated')
  if (isMadeFor(wanted, client)) return
  await alone('client', say, async () => {
    if (isMadeFor(wanted, client)) return
    const kept = join(stateDir, 'clients', wanted)
    if (existsSync(kept)) {
      rmSync(client, { recursive: true, force: true })
      cpSync(kept, client, { recursive: true })
    } else {
      say('Generating Prisma Client from prisma/schema.prisma …')
      await generate(root)
      const fresh = `${kept}.new`
      cpSync(client, fresh, { recursive: true })
      renameSync(fresh, kept)
    }
    // Written last: a copy that was cut off is made again.
    writeFileSync(join(client, '.schema-hash'), wanted)
  })
}

/** Runs `prisma generate` in a folder with a prisma/schema.prisma. Throws a Problem with Prisma's own words. */
export async function generate(root: string): Promise<void> {
  const { code, output } = await collect([...prisma, 'generate', '--schema', join('prisma', 'schema.prisma')], {
    cwd: root,
    // Prisma wants an engine to be there, and never starts it for this.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
  })
  if (code === 0) return
  throw new Problem('Prisma Client was not generated.', {
    why: `Prisma says:\n\n${output.replace(/^(Loaded Prisma config.*|Prisma schema loaded.*)\n+/gm, '').trim()}\n`,
    next: 'Correct prisma/schema.prisma, then type the same command again.',
  })
}

function isMadeFor(wanted: string, client: string): boolean {
  const file = join(client, '.schema-hash')
  return existsSync(file) && readFileSync(file, 'utf8') === wanted
}

/** Of the schema and of Prisma's version. */
function hash(root: string): string {
  const schema = join(root, 'prisma', 'schema.prisma')
  if (!existsSync(schema)) {
    throw new Problem('There is no prisma/schema.prisma.', {
      why: 'Prisma Client is generated from it.',
      next: 'git checkout HEAD -- prisma/schema.prisma',
    })
  }
  const version = readFileSync(join(packagesDir, 'prisma', 'package.json'))
  return createHash('sha256').update(readFileSync(schema)).update(version).digest('hex').slice(0, 16)
}
