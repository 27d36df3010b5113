import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Makes stacks name the .ts files that a compiled file came from. Node can do it too, and then reads every map at every
 * start: here they are read when somebody looks at a stack.
 */
export function nameSources() {
  Error.prepareStackTrace = (error, frames) => {
    const lines = [String(error), ...frames.map((frame) => `    at ${frame}`)]
    return lines.join('\n').replace(/(file:\S+\.workshop\/\S+\.mjs):(\d+):(\d+)/g, sourceOf)
  }
}

const maps = new Map()

function sourceOf(place, url, line, column) {
  const file = fileURLToPath(url)
  if (!maps.has(file)) maps.set(file, readMap(file))
  const { originalSource, originalLine, originalColumn } = maps.get(file)?.findEntry(line - 1, column - 1) ?? {}
  if (!originalSource) return place
  return `${resolve(dirname(file), originalSource)}:${originalLine + 1}:${originalColumn + 1}`
}

function readMap(file) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  } catch {
    // The stack is the message; a map that is gone must not take its place.
    return undefined
  }
}
