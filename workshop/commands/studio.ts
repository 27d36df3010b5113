import { spawnSync } from 'node:child_process'
import { connectTo } from '../../kit/database/connection.ts'
import { prisma } from '../../kit/project/processes.ts'
import { runOn } from '../../kit/database/run-on.ts'
import { chooseTarget, describeTarget } from '../../kit/database/target.ts'

/** `npm run studio -- [--env dev|prod] [--port N] [--browser NAME|none]`: Prisma Studio on the right database. */
export async function studio(flags: { env?: string; port?: string; browser?: string }): Promise<number> {
  const target = chooseTarget(flags.env)
  console.log(describeTarget(target))
  await (await connectTo(target)).end()
  console.log('Studio writes into this database at once. Ctrl-C stops it.')
  const port = flags.port ? ['--port', flags.port] : []
  const browser = flags.browser ?? (canOpenBrowser() ? undefined : 'none')
  const code = await runOn(target, [...prisma, 'studio', ...port, ...(browser ? ['--browser', browser] : [])])
  return code === 130 ? 0 : code
}

/** In a container or over ssh there is no opener, and Studio would end without it. */
function canOpenBrowser(): boolean {
  return process.platform !== 'linux' || spawnSync('xdg-open', ['--version'], { stdio: 'ignore' }).status === 0
}
