import { unzipSync, zipSync, type Zippable } from 'fflate'
import { Problem } from '../../kit/terminal/problem.ts'
import { sha256 } from './fits.ts'

/** What an export is made of, by path. */
export type Parts = ReadonlyMap<string, Uint8Array>

/** The part that lists all others. */
export const manifestName = 'export.json'

/** Raised when what a part means changes: an export of another version is told, and not guessed at. */
export const exportVersion = 1

export interface Manifest {
  format: 'database-migrations-workshop'
  version: number
  /** As git names who made it; the file's name says more. */
  who: string
  parts: Record<string, { bytes: number; sha256: string }>
}

/** An export that is unpacked may not be larger: nobody has so many recruits, and a damaged file could say anything. */
const mostBytes = 400_000_000

/** Times tell nothing, and would make another file of the same parts. */
const mtime = new Date('1980-01-01T12:00:00')

/** One file of all parts, and of a list with the checksum of each. */
export function packExport(parts: Parts, who: string): Uint8Array {
  const listed = [...parts].map(
    ([path, bytes]) => [path, { bytes: bytes.length, sha256: sha256(Buffer.from(bytes)) }] as const,
  )
  const manifest: Manifest = {
    format: 'database-migrations-workshop',
    version: exportVersion,
    who,
    parts: Object.fromEntries(listed),
  }
  const list = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)
  const files: Zippable = Object.fromEntries(
    [[manifestName, list] as const, ...parts].map(([path, bytes]) => [path, [bytes, { mtime, level: levelOf(path) }]]),
  )
  return zipSync(files)
}

/** Git has packed its own part as small as it goes, and it is the most of all. */
const levelOf = (path: string) => (path === 'history.bundle' ? 0 : 6)

/** The parts of a file, each as it was packed. Throws a Problem for one that is damaged, cut off or of another version. */
export function unpackExport(bytes: Uint8Array, file: string): { parts: Parts; manifest: Manifest } {
  const all = unzipped(bytes, file)
  const manifest = manifestIn(all, file)
  const parts = new Map<string, Uint8Array>()
  for (const [path, { sha256: sum }] of Object.entries(manifest.parts)) {
    const part = all.get(path)
    if (!isSafe(path)) throw damaged(file, `It has a part called ${JSON.stringify(path)}, which no export has.`)
    if (!part) throw damaged(file, `Its part ${path} is missing.`)
    if (sha256(Buffer.from(part)) !== sum)
      throw damaged(file, `Its part ${path} is not what was packed: the checksum is another.`)
    parts.set(path, part)
  }
  const strange = [...all.keys()].find((path) => path !== manifestName && !parts.has(path) && !path.endsWith('/'))
  if (strange !== undefined) throw damaged(file, `Its part ${JSON.stringify(strange)} is not in its list.`)
  return { parts, manifest }
}

function unzipped(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  let size = 0
  try {
    const files = unzipSync(bytes, {
      filter({ originalSize }) {
        size += originalSize
        return size <= mostBytes
      },
    })
    if (size > mostBytes) throw damaged(file, 'What it says of its own size is more than any export holds.')
    return new Map(Object.entries(files))
  } catch (error) {
    if (error instanceof Problem) throw error
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
    throw damaged(file, isZip ? 'It was cut off, or changed on its way.' : 'It is no zip file.')
  }
}

function manifestIn(all: ReadonlyMap<string, Uint8Array>, file: string): Manifest {
  const bytes = all.get(manifestName)
  if (!bytes) throw damaged(file, `It has no ${manifestName}, which lists what is in it.`)
  const manifest = parsed(bytes)
  if (manifest?.format !== 'database-migrations-workshop')
    throw damaged(file, `Its ${manifestName} is no list of an export.`)
  if (manifest.version !== exportVersion) {
    const isNewer = Number(manifest.version) > exportVersion
    throw new Problem(`${file} is an export of version ${String(manifest.version)}.`, {
      why: `This workshop reads version ${exportVersion}. Nothing was read of it, and it is as it was.`,
      next: isNewer ? 'git pull    (a newer workshop reads it)' : 'Ask for it again:  npm run report -- --export',
    })
  }
  const isList = typeof manifest.parts === 'object' && manifest.parts !== null && typeof manifest.who === 'string'
  if (!isList) throw damaged(file, `Its ${manifestName} is not whole.`)
  return manifest
}

function parsed(bytes: Uint8Array): Manifest | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Manifest
  } catch {
    return undefined
  }
}

/** A path below one of our own folders, that leads nowhere else on any system. */
function isSafe(path: string): boolean {
  const words = path.split('/')
  const isPlain = words.every((word) => word !== '' && word !== '.' && word !== '..' && word.toLowerCase() !== '.git')
  return isPlain && !/[\\:\0]/.test(path) && /^(prod|dev|copies|files)\/|^(history\.bundle|progress\.txt)$/.test(path)
}

function damaged(file: string, why: string): Problem {
  return new Problem(`${file} is no export that can be read.`, {
    why: `${why} Nothing was changed, and the file is as it was.`,
    next: 'Ask for it again:  npm run report -- --export',
  })
}
