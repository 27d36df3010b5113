import { join } from 'node:path'
import type { LoadedStep } from '../course/read-steps.ts'
import type { Ground } from './ground.ts'

/** As `npm start` proposes it, and the walkthrough's first section too. */
const branch = 'my-work'

/**
 * Brings the copy to the end of a step: files, DEV and client as `npm run goto` does it, and PROD as all steps left it. It
 * stands at the end of `from`, or at the very beginning.
 */
export async function goToEndOf(step: LoadedStep, ground: Ground, from?: LoadedStep): Promise<void> {
  const workshop = (...words: string[]) => must(ground, [process.execPath, join('workshop', 'run.mjs'), ...words])
  const numbers = [step, ...(from ? [from] : [])].map(({ number }) => String(number))
  await workshop('db', 'up')
  await must(ground, [
    process.execPath,
    join('kit', 'project', 'entry.mjs'),
    'workshop/walkthrough/play-prod',
    ...numbers,
  ])
  await workshop('goto', String(step.number))
  await must(ground, ['git', 'branch', '--quiet', '--move', '--force', branch])
}

async function must(ground: Ground, argv: string[]): Promise<void> {
  const { code, output } = await ground.run(...argv)
  if (code !== 0) throw new Error(`${argv.slice(-3).join(' ')} ended with ${code}: ${output}`)
}
