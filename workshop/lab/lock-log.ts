import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'

/** What the server's own log says of waits for locks that were longer than its deadlock_timeout. */
export interface LoggedWaits {
  /** Sessions that waited, each as often as it did. */
  count: number
  /** Milliseconds. */
  longest: number
}

/** Notes where the log ends now; what is read later comes after that. */
export function followLog(file: string): { read(): LoggedWaits } {
  const from = existsSync(file) ? statSync(file).size : 0
  return { read: () => waitsIn(textFrom(file, from)) }
}

/** Of lines as `process 12 acquired AccessShareLock on relation 16400 of database 16390 after 812.345 ms`. */
export function waitsIn(log: string): LoggedWaits {
  const waited = [...log.matchAll(/process \d+ (acquired|still waiting for) \w+ on .+? after ([\d.]+) ms/g)]
  const times = waited.map(([, , ms]) => Number(ms))
  return {
    count: waited.filter(([, how]) => how === 'still waiting for').length,
    longest: Math.max(0, ...times),
  }
}

function textFrom(file: string, from: number): string {
  if (!existsSync(file)) return ''
  const length = Math.max(0, statSync(file).size - from)
  const bytes = Buffer.alloc(length)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, bytes, 0, length, from)
    return bytes.toString('utf8')
  } finally {
    closeSync(descriptor)
  }
}
