import { readDrift } from '../../kit/drift/drift.ts'
import { renderDrift } from '../../kit/drift/drift-lines.ts'
import { tableRows } from '../../kit/drift/drift-table.ts'
import { lookForOutcomes } from '../coach/outcome.ts'
import { noteDrift } from '../coach/note-commands.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { chooseTarget, envs, here, readTarget } from '../../kit/database/target.ts'

const codes = { same: 0, error: 1, differs: 2 }

/**
 * `npm run drift [-- --json] [-- --exit-code] [-- --env dev]`: all layers against each other. With --exit-code it ends
 * with 0 (all the same), 1 (something could not be read) or 2 (something differs); without it, with 0 or 1.
 */
export async function drift(flags: { env?: string; json?: boolean; 'exit-code'?: boolean }): Promise<number> {
  const chosen = flags.env === undefined ? envs : [chooseTarget(flags.env).env]
  const report = await readDrift({ root: projectRoot, target: readTarget }, chosen)
  if (flags.json) {
    const layers = report.layers.map(({ name, problem }) => ({ name, problem: problem ?? null }))
    console.log(
      JSON.stringify({ state: report.state, layers, links: report.links, columns: tableRows(report) }, null, 2),
    )
  } else {
    const width = process.stdout.columns || 80
    for (const line of renderDrift(report, Math.min(width, 120))) console.log(wrap(line, process.stdout.columns))
  }
  noteDrift(projectRoot, report, chosen)
  await lookForOutcomes(here)
  const code = codes[report.state]
  return flags['exit-code'] || code === 1 ? code : 0
}
