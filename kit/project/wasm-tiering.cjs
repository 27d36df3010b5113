// Prisma's engine and PostgreSQL's parser are WebAssembly. Node 20 begins to optimise it so soon that a short command spends
// half of its processor time on code that it never runs; newer ones wait for seven times as much work first. So do we.
const { setFlagsFromString } = require('node:v8')

if (process.versions.node.startsWith('20.')) setFlagsFromString('--wasm-tiering-budget=13000000')
