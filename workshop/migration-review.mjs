#!/usr/bin/env node
// The review as a program of its own, for any Prisma repository: `npx migration-review --base main`.
import { load } from '../kit/project/build.mjs'

const { explained } = await load('workshop/cli')
const { elsewhere, review } = await load('workshop/commands/review')
const place = elsewhere(process.cwd())
process.exitCode = await explained('review', () => review(process.argv.slice(2), place))
