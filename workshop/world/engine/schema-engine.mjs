#!/usr/bin/env node
// Prisma starts this file in the place of the schema engine it would download, several times a command.
import { register } from 'tsx/esm/api'

// Prisma reads each line on stderr as JSON; a Node warning there would end the command.
process.removeAllListeners('warning')
register()
const { runSchemaEngine } = await import(new URL('session.ts', import.meta.url).href)
await runSchemaEngine(process.argv.slice(2))
