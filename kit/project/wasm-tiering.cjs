// Prisma's engine and PostgreSQL's parser are WebAssembly. Node optimises what runs often, beside the work, and a command
// ends long before that has paid for itself: it was half of its processor time. What runs for minutes is optimised still.
require('node:v8').setFlagsFromString('--wasm-tiering-budget=1000000000')
