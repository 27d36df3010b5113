import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Interface } from 'node:readline'
import { dirname } from 'node:path'

export const historySize = 1000

/** What was typed at earlier prompts, the latest line first, as readline wants it. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).toReversed()
  } catch {
    return []
  }
}

/** Keeps what is typed from now on. The file is for its owner's eyes: statements may hold people's data. */
export function keepHistory(lines: Interface, file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  lines.on('history', (history: string[]) => {
    writeFileSync(file, `${history.slice(0, historySize).toReversed().join('\n')}\n`, { mode: 0o600 })
  })
}
