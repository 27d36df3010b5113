#!/usr/bin/env node
// The guard as a program of its own, for any Prisma repository: `npx migration-guard --base main`.
import { load } from '../kit/project/build.mjs'

const { explained } = await load('workshop/cli')
const { elsewhere, guard } = await load('workshop/commands/review')
const place = elsewhere(process.cwd())
process.exitCode = await explained('guard', () => guard(process.argv.slice(2), place))
