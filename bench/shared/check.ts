/**
 * Compares what the last runs have measured with what is promised. Ends with 1 where a promise is not kept.
 *
 *     npm run bench -- --check
 */
import { promises, isKept, type Promised, type PromiseName } from './promises.ts'
import { readResults, tableOf } from './results.ts'

const results = readResults()
const figures = Object.assign({}, ...Object.values(results).map((result) => result.figures)) as Record<string, number>
for (const [script, result] of Object.entries(results)) {
  console.log(`\n${script}   ${result.on}, ${result.machine}${result.how ? `, ${result.how}` : ''}`)
  for (const line of tableOf(result.figures)) console.log(line)
}
const names = Object.keys(promises) as PromiseName[]
const missing = [...new Set(names.filter((name) => !(name in figures)).map((name) => promises[name].script))]
const behind = names.filter((name) => {
  const promised: Promised = promises[name]
  return name in figures && !promised.isOfTheMachine && !isKept(promised, figures[name]!)
})
console.log(`\n${names.length} promises, ${behind.length} behind`)
if (missing.length > 0) console.log(`Never measured in full: ${missing.join(', ')}`)
const next = behind.length > 0 ? promises[behind[0]!].script : missing[0]
if (next) console.log(`\nnext  npm run bench ${next}`)
process.exitCode = behind.length > 0 ? 1 : 0
