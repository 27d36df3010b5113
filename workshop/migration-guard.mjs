#!/usr/bin/env node
// The guard as a program of its own, for any Prisma repository: `npx migration-guard --base main`.
import { register } from 'tsx/esm/api'

register()
const { explained } = await import('./cli.ts')
const { elsewhere, guard } = await import('./commands/guard.ts')
const place = elsewhere(process.cwd())
process.exitCode = await explained('guard', () => guard(process.argv.slice(2), place))
