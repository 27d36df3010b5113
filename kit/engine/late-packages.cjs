// Prisma's command line loads some packages whole, 770 of its 840 files, of which a command asks for little or nothing. Of
// these, each part is loaded when it is asked for.
const Module = require('node:module')
const { sep } = require('node:path')

/** By name of the package, or of its file: where the part `name` stands by itself. All else comes from the whole. */
const partsOf = {
  effect: (name, load) => (/^[A-Z]\w+$/.test(name) ? load(`effect/${name}`) : undefined),
  '@prisma/fetch-engine': (name, load) =>
    name === 'BinaryType' ? load('@prisma/fetch-engine/dist/BinaryType.js')[name] : undefined,
  // What makes test data of a schema is a package of 240 files, which effect passes on.
  './FastCheck.js': () => undefined,
  // Studio, and the server of `prisma dev`.
  '@prisma/dev/internal/state': () => undefined,
  '@prisma/studio-core/data/bff': () => undefined,
  '@prisma/studio-core/data/mysql2': () => undefined,
  '@prisma/studio-core/data/node-sqlite': () => undefined,
  '@prisma/studio-core/data/postgresjs': () => undefined,
}
const callers = ['prisma', '@prisma', 'effect'].map((name) => `${sep}node_modules${sep}${name}${sep}`)

exports.loadLate = () => {
  const { _load: load } = Module
  Module._load = function (request, parent, isMain) {
    const now = (id) => load.call(this, id, parent, isMain)
    const part = Object.hasOwn(partsOf, request) && callers.some((name) => parent?.filename?.includes(name))
    return part
      ? later(
          () => now(request),
          (name) => partsOf[request](name, now),
        )
      : now(request)
  }
}

/** Stands for a module until something is asked of it. */
function later(load, part) {
  let loaded
  const whole = () => (loaded ??= load())
  const known = new Map([['__esModule', true]])
  return new Proxy(
    {},
    {
      get(_, name) {
        if (!known.has(name)) known.set(name, (typeof name === 'string' && !loaded && part(name)) || whole()[name])
        return known.get(name)
      },
      has: (_, name) => name in whole(),
      ownKeys: () => Reflect.ownKeys(whole()),
      getOwnPropertyDescriptor(_, name) {
        const found = Reflect.getOwnPropertyDescriptor(whole(), name)
        return found && { ...found, configurable: true }
      },
    },
  )
}
