import { join } from 'node:path'
import { certificatesAside, run } from '../../kit/project/processes.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { quickFolder } from '../../kit/project/quick-folder.ts'

const bin = (...path: string[]) => join(projectRoot, 'node_modules', ...path)
const jest = ['--experimental-vm-modules', '--no-warnings', bin('jest', 'bin', 'jest.js')]

/** What is ours to judge. A learner's `prisma/` and `seeds/` are not in it. */
const rooms = ['kit', 'workshop', 'tests', 'bench', 'steps', 'docker', '.github', '.devcontainer']
const files = ['README.md', 'WALKTHROUGH.md', 'CONTRIBUTING.md', 'package.json', 'tsconfig.json', '.oxlintrc.json']
const ours = [...rooms, ...files, 'prisma.config.ts', 'jest.config.ts']

const checks: [title: string, argv: string[]][] = [
  [
    'Format (npm run format mends it)',
    [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', ...ours],
  ],
  ['Lint', [bin('oxlint', 'bin', 'oxlint'), 'kit', 'workshop', 'tests', 'bench', 'steps']],
  ['Types', [bin('typescript-compiler', 'bin', 'tsc'), '--noEmit', '-p', projectRoot]],
]

/** `npm test`: everything. `npm test -- seeds`: only the test files whose path has that word in it. */
export async function test(args: readonly string[]): Promise<number> {
  for (const [title, argv] of args.length === 0 ? checks : []) {
    console.log(`\n${title} …`)
    const code = await run([process.execPath, ...argv])
    if (code !== 0) return code
  }
  console.log('\nTests on real servers (some minutes) …')
  return run([process.execPath, ...jest, ...args], {
    env: { ...process.env, TMPDIR: quickFolder(), ...certificatesAside() },
  })
}
