import { unzipSync, zipSync } from 'fflate'

/** What can become of an export on its way: the file then, and what is said of it. */
export const damaged: [name: string, change: (bytes: Buffer) => Uint8Array, says: RegExp][] = [
  ['cut off in the middle', (bytes) => bytes.subarray(0, bytes.length / 2), /It was cut off, or changed on its way/],
  ['empty', () => Buffer.alloc(0), /It is no zip file/],
  ['a text', () => Buffer.from('hello'), /It is no zip file/],
  ['changed in its middle', (bytes) => flipped(bytes), /the checksum is another|changed on its way/],
  ['of another version', (bytes) => withList(bytes, { version: 2 }), /is an export of version 2[^]*git pull/],
  ['of an older version', (bytes) => withList(bytes, { version: 0 }), /version 0[^]*Ask for it again/],
  ['another zip', (bytes) => withList(bytes, { format: 'other' }), /is no list of an export/],
  [
    'without a part',
    (bytes) => withList(bytes, { parts: { 'prod/gone.copy': { bytes: 1, sha256: '' } } }),
    /prod\/gone.copy is missing/,
  ],
  [
    'with a path that leads away',
    (bytes) => withList(bytes, { parts: { 'files/../../x': { bytes: 1, sha256: '' } } }),
    /which no export has/,
  ],
]

/** In a part whose bytes are kept as they are, a compressed one is changed. */
function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  changed[changed.length >> 1]! ^= 0xff
  return changed
}

/** The same file with other words in its list. */
function withList(bytes: Buffer, change: { parts?: object } & Record<string, unknown>): Uint8Array {
  const all = unzipSync(bytes)
  const list = JSON.parse(Buffer.from(all['export.json']!).toString()) as { parts: object }
  const words = { ...list, ...change, parts: { ...list.parts, ...change.parts } }
  return zipSync({ ...all, 'export.json': Buffer.from(JSON.stringify(words)) }, { level: 0 })
}
