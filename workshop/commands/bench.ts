import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { certificatesAside, run, tsx } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'

/** `npm run bench seeding`: one measurement of `bench/`, side by side; `--check` compares the last ones with what is promised. */
export async function bench([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--check') return run([...tsx, join('bench', 'shared', 'check.ts')])
  const files = readdirSync(join(projectRoot, 'bench')).filter((file) => file.endsWith('.ts'))
  const names = files.map((file) => file.replace(/\.ts$/, ''))
  if (!name || !names.includes(name)) {
    throw new Problem('Which measurement?', {
      why: `There are: ${names.join(', ')}.`,
      next: `npm run bench ${names[0]}`,
    })
  }
  const env = { ...process.env, ...certificatesAside() }
  return run([...tsx, join('bench', `${name}.ts`), ...args], { env })
}
