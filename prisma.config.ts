import { join } from 'node:path'
import { defineConfig } from 'prisma/config'
import { useOurEngine } from './kit/engine/prisma-binary.ts'
import { prismaDatasource } from './kit/engine/prisma-datasource.ts'
import { projectRoot } from './kit/project/project.ts'

// No telemetry, no advertisement: nothing here needs a network, and learners should read their own output.
process.env['CHECKPOINT_DISABLE'] ??= '1'
process.env['PRISMA_HIDE_UPDATE_MESSAGE'] ??= '1'
process.env['PRISMA_HIDE_PREVIEW_FLAG_WARNINGS'] ??= '1'

export default defineConfig({
  schema: join(projectRoot, 'prisma', 'schema.prisma'),
  migrations: { path: join(projectRoot, 'prisma', 'migrations') },
  datasource: prismaDatasource(useOurEngine()),
})
