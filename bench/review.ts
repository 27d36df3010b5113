/**
 * The review of a branch: file checks of 1,000 new migrations, a hook's run with and without a migration (medians of 5), and
 * beside our own checks what squawk-cli alone finds in the same corpus.
 *
 *     npm run bench migration-review [MIGRATIONS]
 */
import { join } from 'node:path'
import { hazardsOf } from '../kit/hazards/hazards.ts'
import { loadParser } from '../kit/sql/tree.ts'
import { secondOpinions } from '../kit/hazards/squawk-rules.ts'
import { run } from '../kit/project/processes.ts'
import { askSquawk } from '../kit/hazards/squawk.ts'
import { reviewRepository, hookedRepository } from '../tests/support/review-repository.ts'
import { base, corpus, filesOf, type HazardCase } from '../tests/support/hazard-corpus.ts'
import { measured, median } from '../tests/support/measure.ts'

const migrations = Number(process.argv[2] ?? 1_000)
const rounds = 5

await fileChecks()
await hook()
await comparison()

async function fileChecks(): Promise<void> {
  const repository = reviewRepository()
  try {
    const shapes = corpus.map((one) => filesOf(one)[0]!.sql).filter((sql) => !sql.includes('DROP TABLE'))
    for (let i = 0; i < migrations; i++)
      repository.migration(`20250201${String(100_000 + i)}_m`, shapes[i % shapes.length]!)
    repository.commit('Many')
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(await measured(() => repository.review()))
    console.log(`${migrations} migrations, file checks: ${median(times).toFixed(2)} s (median of ${rounds})`)
  } finally {
    repository.remove()
  }
}

/** As git starts it, Node's own start included. */
async function hook(): Promise<void> {
  const repository = hookedRepository()
  try {
    const median5 = async () => {
      const times: number[] = []
      const quiet = { cwd: repository.folder, stdio: 'ignore' } as const
      const argv = [process.execPath, join('.githooks', 'pre-commit')]
      for (let round = 0; round < rounds; round++) times.push(await measured(() => run(argv, quiet)))
      return median(times).toFixed(2)
    }
    repository.write('README.md', 'A toy\n')
    repository.git('add', '--all')
    console.log(`a hook, no migration is new: ${await median5()} s (median of ${rounds})`)
    repository.migration('20250103000000_hat', 'ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n')
    repository.git('add', '--all')
    console.log(`a hook, one migration is new: ${await median5()} s (median of ${rounds})`)
  } finally {
    repository.remove()
  }
}

async function comparison(): Promise<void> {
  await loadParser()
  const landed = [{ name: '20250101000000_base', sql: base }]
  const ids = [...new Set(corpus.map(({ id }) => id))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  console.log('\nid    bad  review  squawk-cli    good   false alarms: review squawk-cli')
  for (const id of ids) {
    const own = corpus.filter((one) => one.id === id)
    const [bad, good] = [own.filter(({ finds }) => finds.includes(id)), own.filter(({ finds }) => !finds.includes(id))]
    const isFound = (one: HazardCase) => hazardsOf(filesOf(one), { landed }).some((hazard) => hazard.id === id)
    const squawk = async (cases: readonly HazardCase[]) => {
      const said = await Promise.all(cases.map(async (one) => (await askSquawk(filesOf(one))) ?? []))
      return said.filter((found) => found.some(({ rule }) => secondOpinions[rule] === id)).length
    }
    const cells = [bad.length, bad.filter(isFound).length, await squawk(bad), good.length, good.filter(isFound).length]
    const [a, b, c, d, e] = [...cells, await squawk(good)].map(String)
    console.log(
      `${id.padEnd(6)}${a!.padEnd(6)}${b!.padEnd(7)}${c!.padEnd(14)}${d!.padEnd(21)}${e!.padEnd(9)}${String(await squawk(good))}`,
    )
  }
}
