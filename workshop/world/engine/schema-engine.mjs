#!/usr/bin/env node
// Prisma starts this file in the place of the schema engine it would download, several times a command.
import { createRequire } from 'node:module'
import { register } from 'tsx/cjs/api'

// Everybody can read a process's arguments, and Prisma's hold a password.
process.title = 'schema-engine'
// Prisma reads each line on stderr as JSON; a Node warning there would end the command.
process.removeAllListeners('warning')
// Not tsx/esm: its loader thread costs a quarter of a second at each start.
register()
const { runSchemaEngine } = createRequire(import.meta.url)('./session.ts')
await runSchemaEngine(process.argv.slice(2))
