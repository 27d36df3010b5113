// The same for JavaScript, in a process that has one thing to do: a fifth of its processor time. Tests, and what else stays
// for long, run more of what was optimised. Newer ones have no such flag, and wait for longer by themselves.
if (process.versions.node.startsWith('20.')) require('node:v8').setFlagsFromString('--interrupt-budget=1320000')
