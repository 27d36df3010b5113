import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { packagesDir, projectRoot } from '../../kit/project/project.ts'

export interface Asset {
  file: string
  type: string
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** All that can be asked for, by its path: the files of `page/`, and the one library that they use. */
export function readAssets(): Map<string, Asset> {
  const folder = join(projectRoot, 'workshop', 'board', 'page')
  const page = readdirSync(folder).map((name) => [`/${name}`, join(folder, name)] as const)
  const library = ['/node_modules/lit-html/lit-html.js', join(packagesDir, 'lit-html', 'lit-html.js')] as const
  const all = [...page, library, ['/', join(folder, 'index.html')] as const]
  return new Map(all.map(([path, file]) => [path, { file, type: types[extname(file)] ?? 'text/plain' }]))
}
