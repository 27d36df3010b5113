import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../plain/problem.ts'
import { alone } from './lock.ts'
import { collect, prisma } from './processes.ts'
import { projectRoot } from './project.ts'

const schema = join(projectRoot, 'prisma', 'schema.prisma')
const client = join(projectRoot, 'prisma', 'generated')

/** Generates Prisma Client when prisma/schema.prisma has changed since the last time. Prisma 7 never does by itself. */
export async function ensureClient(say: (line: string) => void): Promise<void> {
  if (isCurrent()) return
  await alone('client', say, async () => {
    if (isCurrent()) return
    say('Generating Prisma Client from prisma/schema.prisma …')
    const { code, output } = await collect([...prisma, 'generate'])
    if (code !== 0) {
      throw new Problem('Prisma Client was not generated.', {
        why: `Prisma says:\n\n${output.replace(/^Loaded Prisma config.*\n+/, '').trim()}\n`,
        next: 'Mend prisma/schema.prisma, then type the same command again.',
      })
    }
    writeFileSync(join(client, '.schema-hash'), hash())
  })
}

function isCurrent(): boolean {
  const file = join(client, '.schema-hash')
  return existsSync(file) && existsSync(schema) && readFileSync(file, 'utf8') === hash()
}

function hash(): string {
  if (!existsSync(schema)) {
    throw new Problem('There is no prisma/schema.prisma.', {
      why: 'Prisma Client is generated from it.',
      next: 'git checkout HEAD -- prisma/schema.prisma',
    })
  }
  const version = readFileSync(join(projectRoot, 'node_modules', 'prisma', 'package.json'))
  return createHash('sha256').update(readFileSync(schema)).update(version).digest('hex')
}
