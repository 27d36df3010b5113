// Starts one of the entries of build.mjs as a process of its own: `node kit/project/entry.mjs workshop/prompts/node-prompt …`.
import { load } from './build.mjs'

const [entry] = process.argv.splice(2, 1)
await load(entry)
