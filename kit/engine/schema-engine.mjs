#!/usr/bin/env node
// Prisma starts this file in the place of the schema engine it would download, several times a command.
import { once } from 'node:events'
import { load } from '../project/build.mjs'

// Everybody can read a process's arguments, and Prisma's hold a password.
process.title = 'schema-engine'
// Prisma reads each line on stderr as JSON; a Node warning there would end the command.
process.removeAllListeners('warning')
const isEarly = process.argv[2] === '--wait'
const told = isEarly ? once(process, 'message') : undefined
// Whoever started this early has ended without it.
const leave = () => process.exit()
if (isEarly) process.once('disconnect', leave)
const { runSchemaEngine } = await load('kit/engine/engine-session')
await runSchemaEngine(told ? await toldArguments() : process.argv.slice(2))

/** What `warm-engines.cjs` passes on, when Prisma asks for an engine. */
async function toldArguments() {
  const [{ args, cwd, env }] = await told
  process.off('disconnect', leave)
  process.disconnect()
  if (cwd) process.chdir(cwd)
  Object.assign(process.env, env)
  return args
}
