#!/usr/bin/env node
// Prisma starts this file in the place of the schema engine it would download, several times a command.
import { load } from '../../build.mjs'

// Everybody can read a process's arguments, and Prisma's hold a password.
process.title = 'schema-engine'
// Prisma reads each line on stderr as JSON; a Node warning there would end the command.
process.removeAllListeners('warning')
const { runSchemaEngine } = await load('world/engine/session')
await runSchemaEngine(process.argv.slice(2))
