// Prisma's own command line, with what V8 compiled of it the last time: it is 800 files, and most of a command's time.
require('../project/wasm-tiering.cjs')
require('../project/js-tiering.cjs')
const { enableCompileCache } = require('node:module')
const { dirname, join } = require('node:path')

const cli = require.resolve('prisma/build/index.js')
const packages = join(dirname(cli), '..', '..')
// Beside the packages, which a clone in .workshop/ shares with the one around it.
const folder = join(packages, '..', '.workshop', 'compiled-prisma')
if (enableCompileCache) enableCompileCache(folder)
else require('./compile-cache.cjs').enable(folder, packages)
passOnBuild()
require('./late-packages.cjs').loadLate()
require('./warm-engines.cjs').warmEngines(process.argv.slice(2))
require(cli)

/** What build.mjs tells its children, told on to the engine: it is a grandchild. */
function passOnBuild() {
  const [, pid, build] = /^(\d+) (.*)$/.exec(process.env.WORKSHOP_BUILD ?? '') ?? []
  if (Number(pid) === process.ppid) process.env.WORKSHOP_BUILD = `${process.pid} ${build}`
}
