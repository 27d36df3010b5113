// Prisma's own command line, with what V8 compiled of it the last time: it is most of a command’s time.
require('../project/wasm-tiering.cjs')
require('../project/js-tiering.cjs')
const { enableCompileCache } = require('node:module')
const { dirname, join } = require('node:path')
const { tellBuild, toldBuild } = require('../project/told-build.cjs')

const cli = require.resolve('prisma/build/index.js')
const packages = join(dirname(cli), '..', '..')
// Beside the packages, which a clone in .workshop/ shares with the one around it.
const folder = join(packages, '..', '.workshop', 'compiled-prisma')
if (enableCompileCache) enableCompileCache(folder)
else require('./compile-cache.cjs').enable(folder, packages)
// The engine is a grandchild of the command.
const build = toldBuild()
if (build) tellBuild(build)
require('./late-packages.cjs').loadLate()
require('./warm-engines.cjs').warmEngines(process.argv.slice(2))
require(cli)
