import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as binding from '@prisma/schema-engine-wasm/schema_engine_bg'

const bindingPath = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
let isLoaded = false
let panic: string | undefined

// The types of Node 20 leave WebAssembly out.
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Record<string, () => void> }
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }

/** Prisma's schema engine, compiled to WebAssembly. Loads it on the first call, in about 35 ms. */
export function loadSchemaEngine(): typeof binding {
  if (!isLoaded) {
    const module = new WebAssembly.Module(readFileSync(bindingPath.replace(/\.js$/, '.wasm')))
    const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': { ...binding, ...quietTimer() } })
    // The engine tells why it panics here, and then throws "unreachable".
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => (panic = text) } })
    binding.__wbg_set_wasm(exports)
    exports['__wbindgen_start']?.()
    isLoaded = true
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
  return panic
}
