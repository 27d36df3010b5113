// What module.enableCompileCache does in Node 22 and newer, for CommonJS in Node 20: scripts are compiled from what V8
// kept of them, one file for all. Whatever cannot be read or written is compiled anew: the cache is never an error.
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')
const { initSync, parse } = require('es-module-lexer')

/** Of the same length as the word `import`, so that every line and column stays. */
const importer = '$mport'

/** Keeps what this process compiles in `folder`, and takes what an earlier one kept. */
exports.enable = (folder) => {
  const file = join(folder, `node-${process.version}-${process.arch}`)
  const kept = read(file)
  const compiled = new Map()
  const plain = Module.prototype._compile

  Module.prototype._compile = function (content, filename, format) {
    const key = hash(content, 'hex')
    const known = kept.get(key)
    const script = format === 'module' ? undefined : compile(content, filename, known)
    if (!script) return plain.call(this, content, filename, format)
    compiled.set(key, { ...script, isNew: !known || script.script.cachedDataRejected })
    const parameters = [this.exports, requireOf(this, filename), this, filename, dirname(filename)]
    const dynamicImport = script.imports.length > 0 ? importOf(filename, plain) : undefined
    return script.script.runInThisContext().call(this.exports, ...parameters, dynamicImport)
  }

  process.once('exit', () => {
    if ([...compiled.values()].some(({ isNew }) => isNew)) write(file, kept, compiled)
  })
}

/** Undefined for what is no CommonJS. */
function compile(content, filename, known) {
  try {
    // V8 keeps no way to import() with what it compiled: those calls go through a parameter.
    const imports = known?.imports ?? dynamicImports(content)
    const parts = [0, ...imports].map((at, i) => content.slice(i === 0 ? 0 : at + importer.length, imports[i]))
    const source = `(function (exports, require, module, __filename, __dirname, ${importer}) {${parts.join(importer)}\n})`
    return { imports, script: new Script(source, { filename, cachedData: known?.data }) }
  } catch {
    return undefined
  }
}

function dynamicImports(content) {
  if (!/\bimport\b/.test(content)) return []
  initSync()
  const [found] = parse(content)
  if (found.some(({ d }) => d === -1)) throw new SyntaxError('import declarations are for modules')
  return found.filter(({ d }) => d >= 0).map(({ ss }) => ss)
}

/** As Node's own, which it makes for its own modules alone. */
function requireOf(module, filename) {
  const { resolve } = Module.createRequire(filename)
  const require = (id) => module.require(id)
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

/** By the hash of a script: where its import() calls stand, and what V8 kept. V8 itself would not notice a damage. */
function read(file) {
  try {
    const bytes = readFileSync(file)
    const [sum, body] = [bytes.subarray(0, 20), bytes.subarray(20)]
    if (!hash(body).equals(sum)) return new Map()
    const headEnd = 4 + body.readUInt32LE()
    let end = headEnd
    const entries = JSON.parse(body.toString('utf8', 4, headEnd))
    return new Map(entries.map(([key, imports, size]) => [key, { imports, data: body.subarray(end, (end += size)) }]))
  } catch {
    return new Map()
  }
}

function write(file, kept, compiled) {
  const fresh = `${file}.${process.pid}`
  try {
    const all = new Map(kept)
    for (const [key, { imports, script, isNew }] of compiled) {
      if (isNew) all.set(key, { imports, data: script.createCachedData() })
    }
    const head = Buffer.from(JSON.stringify([...all].map(([key, { imports, data }]) => [key, imports, data.length])))
    const headSize = Buffer.alloc(4)
    headSize.writeUInt32LE(head.length)
    const body = Buffer.concat([headSize, head, ...[...all.values()].map(({ data }) => data)])
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(fresh, Buffer.concat([hash(body), body]))
    renameSync(fresh, file)
  } catch {
    rmSync(fresh, { force: true })
  }
}

function hash(bytes, encoding) {
  return createHash('sha1').update(bytes).digest(encoding)
}
