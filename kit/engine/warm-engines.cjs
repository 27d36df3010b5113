// Prisma's command line takes most of a second to load, and only then starts its engine, once or twice. Here the engines
// start beside it, and wait until they are asked for.
const childProcess = require('node:child_process')
const { join } = require('node:path')

const engine = join(__dirname, 'schema-engine.mjs')
/** How many a verb asks for. */
const needed = { deploy: 2, dev: 2, diff: 1, resolve: 2, status: 2 }

/** Starts what `prisma migrate VERB` is going to start, and hands it over when it does. */
exports.warmEngines = ([command, verb, ...rest]) => {
  const isHelp = rest.includes('--help') || rest.includes('-h')
  const chosen = process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.env.PRISMA_MIGRATION_ENGINE_BINARY
  if (command !== 'migrate' || isHelp || (chosen && chosen !== engine)) return
  const waiting = Array.from({ length: needed[verb] ?? 0 }, startWaiting)
  const { spawn } = childProcess
  childProcess.spawn = (file, args, options) => {
    const warm = file === engine ? waiting.find((child) => child.connected) : undefined
    if (!warm) return Reflect.apply(spawn, childProcess, [file, args, options])
    waiting.splice(waiting.indexOf(warm), 1)
    for (const part of partsOf(warm)) part.ref()
    warm.send({ args, cwd: options.cwd, env: options.env })
    return warm
  }
}

/** It has the shape that Prisma gives its engine. What is never asked for keeps nobody waiting, and ends with us. */
function startWaiting() {
  const stdio = ['pipe', 'pipe', 'pipe', 'ipc']
  const child = childProcess.spawn(process.execPath, [engine, '--wait'], { stdio, windowsHide: true })
  child.on('error', () => {})
  for (const part of partsOf(child)) part.unref()
  return child
}

function partsOf(child) {
  return [child, child.channel, child.stdin, child.stdout, child.stderr].filter(Boolean)
}
