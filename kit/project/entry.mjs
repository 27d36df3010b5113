// Starts a module of workshop/ as a process of its own: `node workshop/entry.mjs course/shell …`.
import { load } from './build.mjs'

const [entry] = process.argv.splice(2, 1)
await load(entry)
