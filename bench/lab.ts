/**
 * The pairs of the lab, each way on a fresh portal under traffic, in turns: what is asked beside what was measured. Times are
 * medians of all rounds; what failed, what was lost and the slowest answer are the worst of all rounds.
 *
 *     npm run bench lab -- --scale 1 --rounds 5 [--rate 200] [--only column,rename,queue]
 */
import { parseArgs } from 'node:util'
import { experiments, type ExperimentName } from '../workshop/lab/experiments.ts'
import type { KeptRun } from '../workshop/lab/kept-runs.ts'
import { comparison } from '../workshop/lab/lab-lines.ts'
import type { LabWatching } from '../workshop/lab/lab-watching.ts'
import { runLab } from '../workshop/lab/run-lab.ts'
import type { WayRun } from '../workshop/lab/run-way.ts'
import { median } from '../tests/support/measure.ts'
import { drawOverTime } from './shared/charts.ts'
import { keepFigures } from './shared/results.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    only: { type: 'string', default: Object.keys(experiments).join(',') },
  },
})
const [scale, rounds, rate] = [Number(values.scale), Number(values.rounds), Number(values.rate)]
const chosen = values.only.split(',') as ExperimentName[]
const all: KeptRun[] = []
const filling: { since?: number; seconds?: number } = {}

for (let round = 1; round <= rounds; round++) {
  for (const experiment of chosen) {
    const runs = await runLab({ experiment, ways: experiments[experiment].ways, scale, rate, connections: 16 }, quiet())
    all.push(...runs)
    console.log(`\nround ${round} of ${rounds}: ${experiments[experiment].title}\n`)
    for (const line of comparison(runs)) console.log(line)
  }
}

const runsOf = (way: string) => all.flatMap(({ run }) => (run.way === way ? [run] : []))
const middle = (way: string, of: (run: WayRun) => number) => median(runsOf(way).map(of))
const worst = (way: string, of: (run: WayRun) => number) => Math.max(...runsOf(way).map(of))
const failed = ({ failed: { old, new: other } }: WayRun) => old.count + other.count

console.log(`\nmedians and worst of ${rounds}, at scale ${scale}, ${rate} operations a second`)
for (const [experiment, { ways }] of Object.entries(experiments)) {
  if (!chosen.includes(experiment as ExperimentName)) continue
  const still = ways.map((way) => `${middle(way, ({ standstill }) => standstill).toFixed(1)} s`)
  console.log(`${experiment.padEnd(8)} standstill ${still.join(' and ')}`)
}
console.log('')
const figures: Record<ExperimentName, () => Parameters<typeof keepFigures>[1]> = {
  column: () => ({
    'lab.expand.p99': middle('expand', ({ during }) => during.p99),
    'lab.expand.worst': worst('expand', ({ during }) => during.worst),
    'lab.expand.failed': worst('expand', failed),
    'lab.expand.lock': worst('expand', ({ locks }) => locks[0]?.held ?? 0),
    // Below that, most of the time is what the command line of Prisma takes to start.
    ...(scale >= 1 && {
      'lab.expand.change': middle('expand', ({ change }) => change) / middle('naive', ({ change }) => change),
    }),
    ...(filling.seconds !== undefined && scale === 1 && { 'lab.fill': filling.seconds }),
  }),
  rename: () => ({
    'lab.rename.failed': worst('rename-twice', failed),
    'lab.rename.lost': worst('rename-twice', ({ followed }) => followed.lost),
  }),
  queue: () => ({ 'lab.queue.stall': worst('queue-timeout', ({ during }) => during.worst) }),
  index: () => ({
    'lab.index.failed': worst('index-concurrently', failed),
    'lab.index.worst': worst('index-concurrently', ({ during }) => during.worst),
  }),
  type: () => ({
    'lab.type.failed': worst('type-column', failed),
    'lab.type.lost': worst('type-column', ({ followed }) => followed.lost),
    'lab.type.worst': worst('type-column', ({ during }) => during.worst),
  }),
}
for (const experiment of chosen) {
  await keepFigures('lab', figures[experiment](), { part: experiment, pictures: [picture(experiment)] })
}

function picture(experiment: ExperimentName) {
  const last = experiments[experiment].ways.map((way) => all.findLast(({ run }) => run.way === way)!)
  const ways = last.map(({ run }) => run)
  const titles = ways.map(({ title }) => title).join(' and ')
  return {
    name: `lab-${experiment}`,
    svg: drawOverTime(ways),
    screen: comparison(last),
    shows: `${experiments[experiment].title}: the slowest answer of each second, ${titles}`,
  }
}

/** Says nothing but how long it took to fill the portal. */
function quiet(): LabWatching {
  const now = () => performance.now()
  return {
    onRows: () => void (filling.since ??= now()),
    say: () => {},
    onWay: () => void (filling.since !== undefined && (filling.seconds ??= (now() - filling.since) / 1000)),
    onStep: () => {},
    onSecond: () => {},
    onProgress: () => {},
  }
}
