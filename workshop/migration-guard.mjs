#!/usr/bin/env node
// The guard as a program of its own, for any Prisma repository: `npx migration-guard --base main`.
import { load } from './build.mjs'

const { explained } = await load('cli')
const { elsewhere, guard } = await load('commands/guard')
const place = elsewhere(process.cwd())
process.exitCode = await explained('guard', () => guard(process.argv.slice(2), place))
