import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../kit/project/project.ts'
import { keepFigures } from './shared/results.ts'

// How long a newcomer waits: from `git clone` to both databases up (packages in npm's cache), again, and a reset of DEV.
// Absolute seconds are this machine's; medians of five.

const rounds = Number(process.argv[2] ?? 5)
const run = (cwd: string, ...argv: string[]) => execFileSync(argv[0]!, argv.slice(1), { cwd, stdio: 'pipe' })
const seconds = (work: () => void) => {
  const since = performance.now()
  work()
  return (performance.now() - since) / 1000
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

const clone: number[] = []
const again: number[] = []
const reset: number[] = []
for (let round = 1; round <= rounds; round++) {
  const outer = mkdtempSync(join(tmpdir(), 'workshop-bench-'))
  // Root's servers run as another user, who has to be able to walk in; else the data would stay behind in /var/lib.
  chmodSync(outer, 0o755)
  const folder = join(outer, 'workshop')
  try {
    clone.push(
      seconds(() => {
        run(tmpdir(), 'git', 'clone', '--quiet', projectRoot, folder)
        run(folder, 'npm', 'start')
      }),
    )
    again.push(seconds(() => run(folder, 'npm', 'start')))
    reset.push(seconds(() => run(folder, 'npm', 'run', 'db', 'reset')))
    console.log(
      `round ${round}  clone ${clone.at(-1)!.toFixed(1)} s · again ${again.at(-1)!.toFixed(1)} s · reset ${reset.at(-1)!.toFixed(1)} s`,
    )
  } finally {
    run(folder, 'npm', 'run', 'db', 'down')
    rmSync(outer, { recursive: true, force: true })
  }
}
console.log(`\nmedians of ${rounds}`)
await keepFigures('start', {
  'start.clone': median(clone),
  'start.again': median(again),
  'start.reset': median(reset),
})
