// Runs as a process of its own, in the walkthrough's copy, because only there its PROD is this clone's. Its arguments: the
// number of the step to whose end PROD is brought, and of the one at whose end it stands, if it is not empty.
import { join } from 'node:path'
import { ensureClient } from '../../kit/project/generated-client.ts'
import { connectTo } from '../../kit/database/connection.ts'
import { stateDir } from '../../kit/project/project.ts'
import { readTarget } from '../../kit/database/target.ts'
import { makeChange } from '../course/step-changes.ts'
import { stepStates } from '../course/step-databases.ts'
import { layProject } from '../course/step-projects.ts'
import { readSteps } from '../course/read-steps.ts'

const [until, from = -1] = process.argv.slice(2).map(Number) as [number, number?]
const prod = readTarget('prod')
// Migrations are applied below without another look: a PROD that is not this clone's is refused here.
await (await connectTo(prod)).end()
const folder = join(stateDir, 'steps', 'prod')
for (const { step, files } of stepStates(readSteps())) {
  const change = step.step.prod
  if (!change || step.number <= from || step.number > until) continue
  layProject(folder, files)
  if (change.seeds) await ensureClient(() => {}, folder)
  await makeChange(prod, change, folder, async () => {})
}
