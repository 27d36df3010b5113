import { join } from 'node:path'
import { defineConfig } from 'prisma/config'
import { useOurEngine } from '../../kit/engine/prisma-binary.ts'
import { projectRoot } from '../../kit/project/project.ts'

// For `prisma migrate deploy` in the lab: its own models, the migrations that a way needs, and its own server.
process.env['CHECKPOINT_DISABLE'] ??= '1'
process.env['PRISMA_HIDE_UPDATE_MESSAGE'] ??= '1'
useOurEngine()

export default defineConfig({
  schema: join(projectRoot, 'workshop', 'lab', 'portal', 'schema.prisma'),
  migrations: { path: process.env['LAB_MIGRATIONS'] ?? join(projectRoot, 'workshop', 'lab', 'portal', 'migrations') },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
})
