import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as binding from '@prisma/schema-engine-wasm/schema_engine_bg'

const bindingPath = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
// The types of Node 20 leave WebAssembly out.
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Record<string, () => void> }
}
interface Panics {
  last?: string
  /** The engine tells why it panics here, and then throws "unreachable". */
  set_message(text: string): void
}
const shared = globalThis as unknown as { WebAssembly: WebAssemblyApi; PRISMA_WASM_PANIC_REGISTRY?: Panics }

/**
 * Prisma's schema engine, compiled to WebAssembly. Loads it on the first call, in about 35 ms: once for the bindings, which
 * hold one engine, however many copies of this module a process has.
 */
export function loadSchemaEngine(): typeof binding {
  if (!shared.PRISMA_WASM_PANIC_REGISTRY) {
    const module = new shared.WebAssembly.Module(readFileSync(bindingPath.replace(/\.js$/, '.wasm')))
    const imports = { './schema_engine_bg.js': { ...binding, ...quietTimer() } }
    const { exports } = new shared.WebAssembly.Instance(module, imports)
    const panics: Panics = { set_message: (text) => (panics.last = text) }
    shared.PRISMA_WASM_PANIC_REGISTRY = panics
    binding.__wbg_set_wasm(exports)
    exports['__wbindgen_start']?.()
  }
  return binding
}

/** The engine leaves a timer of ten seconds behind its wait for the advisory lock; the process need not outlast it. */
function quietTimer(): object {
  const name = Object.keys(binding).find((key) => key.startsWith('__wbg_setTimeout_'))
  return name ? { [name]: (work: () => void, ms: number) => setTimeout(work, ms).unref() } : {}
}

/** What the engine said before it broke off, if it did. */
export function lastPanic(): string | undefined {
  return shared.PRISMA_WASM_PANIC_REGISTRY?.last
}
