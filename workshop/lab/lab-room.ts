import { cpus, freemem } from 'node:os'
import { statfsSync } from 'node:fs'
import process from 'node:process'
import { Problem } from '../../kit/terminal/problem.ts'

/** Megabytes. */
export interface Room {
  disk: number
  memory: number
}

/** Megabytes that the template of a portal at scale 1 takes. */
export const portalAtOne = 1_100

/** What a lab needs: the template, a portal that grows by its changes, and their log; pages that the server keeps. */
export function roomNeeded(scale: number, connections: number, hasTemplate = false): Room {
  const portals = hasTemplate ? 1.5 : 2.5
  const log = Math.max(1_024, 6_144 * scale)
  return {
    disk: Math.ceil(portals * portalAtOne * scale + log),
    memory: Math.ceil(400 + Math.min(1_024 * Math.max(scale, 0.125), 4_096) + 8 * connections),
  }
}

/** What there is, below `folder` and in memory. */
export function roomAt(folder: string): Room {
  const { bavail, bsize } = statfsSync(folder)
  const memory = process.availableMemory?.() ?? freemem()
  return { disk: Math.floor((bavail * bsize) / 1024 ** 2), memory: Math.floor(memory / 1024 ** 2) }
}

/** Throws a Problem with the numbers where there is too little of either. */
export function assertRoom(needed: Room, there: Room, scale: number): void {
  const short = (['disk', 'memory'] as const).filter((what) => there[what] < needed[what])
  if (short.length === 0) return
  const inWords = { disk: 'on the disk', memory: 'in memory' }
  const whys = short.map(
    (what) => `${size(needed[what])} are needed ${inWords[what]}, and ${size(there[what])} are free`,
  )
  throw new Problem(`There is too little room for scale ${scale}: nothing was begun.`, {
    why: `${whys.join('; ')}.`,
    next: [
      'Take a smaller one:  npm run lab WORD -- --scale 0.01',
      'What older labs keep goes away by:  npm run lab remove',
    ],
  })
}

/** What is needed and what there is, in a sentence. */
export function tellRoom(needed: Room, there: Room, scale: number): string {
  return `scale ${scale} needs ${size(needed.disk)} on the disk and ${size(needed.memory)} of memory; ${size(there.disk)} and ${size(there.memory)} are free`
}

/** What the figures were measured on. */
export function machine(): string {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim() ?? 'processor'}, ${process.platform} ${process.arch}, Node ${process.versions.node}`
}

function size(megabytes: number): string {
  return megabytes < 10_000 ? `${megabytes} MB` : `${Math.round(megabytes / 1024)} GB`
}
