/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os'
import type { Config } from 'jest'

const config: Config = {
  roots: ['<rootDir>/tests'],
  globalSetup: '<rootDir>/tests/support/global-setup.mjs',
  globalTeardown: '<rootDir>/tests/support/global-teardown.mjs',
  // A worker is a process of ours, too.
  setupFiles: ['<rootDir>/kit/project/wasm-tiering.cjs'],
  reporters: ['default', '<rootDir>/tests/support/slowest-reporter.mjs'],
  testSequencer: '<rootDir>/tests/support/longest-first.mjs',
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  // Each test starts real servers and real commands, and waits for them: two workers leave a fifth of two processors idle.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism()) + 1),
  // What a test file has loaded as a module of its own is never given back, and Linux copies a process’s page tables
  // whenever it starts another one: 20 ms of processor at 500 MB, 5 ms at 150 MB. A new worker takes half a second.
  workerIdleMemoryLimit: '300MB',
  testTimeout: 120_000,
}

export default config
