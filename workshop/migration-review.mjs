#!/usr/bin/env node
// The review as a program of its own, for any Prisma repository: `npx migration-review --base main`.
import { load } from '../kit/project/build.mjs'

const { reviewElsewhere } = await load('workshop/cli')
process.exitCode = await reviewElsewhere(process.argv.slice(2), process.cwd())
