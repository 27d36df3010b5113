// What module.enableCompileCache does in Node 22 and newer, for CommonJS in Node 20, and more: beside what V8 compiled, one
// file keeps the text of each script and where each require led. Whatever does not fit is done anew: it is never an error.
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

/** Of the same length as the word `import`, so that every line and column stays. */
const importer = '$mport'

/**
 * Keeps in `folder` what this process loads from `packages`, a folder node_modules, and takes what an earlier one kept
 * there. An install makes all of it void.
 */
exports.enable = (folder, packages) => {
  const file = join(folder, `node-${process.version}-${process.arch}`)
  const state = stateOf(join(packages, '.package-lock.json'))
  const kept = read(file, state)
  const cache = { kept, scripts: new Map(), places: new Map(kept.places), plain: Module.prototype._compile }
  const { _resolveFilename: resolve, _extensions: loaders } = Module
  const loadFromDisk = loaders['.js']

  Module._resolveFilename = function (request, parent, isMain, options) {
    if (options || !parent?.filename?.startsWith(packages)) return resolve.call(this, request, parent, isMain, options)
    const key = `${dirname(parent.filename)}\0${request}`
    if (!cache.places.has(key)) cache.places.set(key, resolve.call(this, request, parent, isMain, options))
    return cache.places.get(key)
  }
  loaders['.js'] = (module, filename) => {
    const known = kept.scripts.get(filename)
    if (known?.state === stateOf(filename)) run(cache, module, known.text(), filename, 'commonjs', known)
    else loadFromDisk(module, filename)
  }
  Module.prototype._compile = function (text, filename, format) {
    return run(cache, this, text, filename, format)
  }
  process.once('exit', () => {
    const isNew = cache.places.size > kept.places.length || [...cache.scripts.values()].some((script) => script.isNew)
    if (isNew) write(file, state, cache)
  })
}

function run(cache, module, text, filename, format, known) {
  const script = format === 'module' ? undefined : compile(text, filename, known)
  if (!script) return cache.plain.call(module, text, filename, format)
  cache.scripts.set(filename, script)
  const scope = [module.exports, requireOf(module, filename), module, filename, dirname(filename)]
  const own = script.imports.length > 0 ? importOf(filename, cache.plain) : undefined
  return script.compiled.runInThisContext().call(module.exports, ...scope, own)
}

/** Undefined for what is no CommonJS. */
function compile(text, filename, known) {
  try {
    // V8 keeps no way to import() with what it compiled: those calls go through a parameter.
    const imports = known?.imports ?? dynamicImports(text)
    const parts = [0, ...imports].map((at, i) => text.slice(i === 0 ? 0 : at + importer.length, imports[i]))
    const head = `(function (exports, require, module, __filename, __dirname, ${importer}) {`
    const options = { filename, columnOffset: -head.length, cachedData: known?.data() }
    const compiled = new Script(`${head}${parts.join(importer)}\n})`, options)
    return { text, imports, compiled, isNew: !known || compiled.cachedDataRejected }
  } catch {
    return undefined
  }
}

function dynamicImports(text) {
  if (!/\bimport\b/.test(text)) return []
  const { initSync, parse } = require('es-module-lexer')
  initSync()
  const [found] = parse(text)
  if (found.some(({ d }) => d === -1)) throw new SyntaxError('import declarations are for modules')
  return found.filter(({ d }) => d >= 0).map(({ ss }) => ss)
}

/** As Node's own, which it makes for its own modules alone. */
function requireOf(module, filename) {
  const require = (id) => module.require(id)
  const resolve = (id, options) => Module.createRequire(filename).resolve(id, options)
  resolve.paths = (id) => Module.createRequire(filename).resolve.paths(id)
  return Object.assign(require, {
    resolve,
    main: process.mainModule,
    cache: Module._cache,
    extensions: Module._extensions,
  })
}

/** A file's own import(): Node makes it in a script of that name that it compiles itself. */
function importOf(filename, plain) {
  const module = new Module(filename)
  plain.call(module, 'module.exports = (name, options) => import(name, options)', filename)
  return module.exports
}

/** Size and time of a file: another one is another file. */
function stateOf(file) {
  const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {}
  return `${size} ${mtimeMs}`
}

const nothing = { places: [], scripts: new Map() }

/** A sum over all of it stands first: V8 itself would not notice a damage. */
function read(file, state) {
  try {
    const bytes = readFileSync(file)
    const [sum, body] = [bytes.subarray(0, 20), bytes.subarray(20)]
    const headEnd = 4 + body.readUInt32LE()
    if (!hash(body).equals(sum)) return nothing
    const head = JSON.parse(body.toString('utf8', 4, headEnd))
    if (head.state !== state) return nothing
    let end = headEnd
    const take = (size) => body.subarray(end, (end += size))
    const scripts = head.scripts.map(([filename, fileState, imports, textSize, dataSize]) => {
      const [text, data] = [take(textSize), take(dataSize)]
      return [filename, { state: fileState, imports, text: () => text.toString('utf8'), data: () => data }]
    })
    return { places: head.places, scripts: new Map(scripts) }
  } catch {
    return nothing
  }
}

function write(file, state, { kept, scripts, places }) {
  const fresh = `${file}.${process.pid}`
  try {
    const all = new Map(kept.scripts)
    for (const [filename, { text, imports, compiled, isNew }] of scripts) {
      const data = () => compiled.createCachedData()
      if (isNew) all.set(filename, { state: stateOf(filename), imports, text: () => text, data })
    }
    const rows = [...all].map(([filename, one]) => [filename, one, Buffer.from(one.text()), one.data()])
    const head = {
      state,
      places: [...places],
      scripts: rows.map(([name, one, text, data]) => [name, one.state, one.imports, text.length, data.length]),
    }
    const headBytes = Buffer.from(JSON.stringify(head))
    const headSize = Buffer.alloc(4)
    headSize.writeUInt32LE(headBytes.length)
    const body = Buffer.concat([headSize, headBytes, ...rows.flatMap(([, , text, data]) => [text, data])])
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(fresh, Buffer.concat([hash(body), body]))
    renameSync(fresh, file)
  } catch {
    remove(fresh)
  }
}

function remove(file) {
  try {
    rmSync(file, { force: true })
  } catch {
    // Where the folder is none, nothing was written.
  }
}

function hash(bytes) {
  return createHash('sha1').update(bytes).digest()
}
