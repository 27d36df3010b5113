import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { run, tsx } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'

/** `npm run bench seeding`: one measurement of `bench/`, side by side. */
export async function bench([name, ...args]: readonly string[]): Promise<number> {
  const names = readdirSync(join(projectRoot, 'bench')).map((file) => file.replace(/\.ts$/, ''))
  if (!name || !names.includes(name)) {
    throw new Problem('Which measurement?', {
      why: `There are: ${names.join(', ')}.`,
      next: `npm run bench ${names[0]}`,
    })
  }
  return run([...tsx, join('bench', `${name}.ts`), ...args])
}
