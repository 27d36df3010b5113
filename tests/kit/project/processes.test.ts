import { expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { collect } from '../../../kit/project/processes.ts'
import { signalTest } from '../../support/conditions.ts'

test('what a command writes comes whole, letters of several bytes included, however it is cut on the way', async () => {
  const words = '…é日'.repeat(100_000)
  const script = 'process.stdout.write("…é日".repeat(100_000))'
  const { code, output } = await collect([process.execPath, '-e', script])
  expect(code).toBe(0)
  expect(output === words).toBe(true)
})

signalTest(
  'whoever ends a command alone, as a supervisor does, ends what it has started, and gets its code',
  async () => {
    const inner = `process.on('SIGTERM', () => { console.log('ended'); process.exit(7) }); setTimeout(() => {}, 10_000); console.log('begun')`
    const outer = `
    const { run } = await import(${JSON.stringify(pathToFileURL('kit/project/processes.ts').href)})
    process.exitCode = await run([process.execPath, '-e', ${JSON.stringify(inner)}])`
    const command = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', outer])
    let output = ''
    command.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      if (text.includes('begun')) command.kill('SIGTERM')
    })
    const code = await new Promise((resolve) => command.once('close', resolve))
    expect([code, output]).toEqual([7, 'begun\nended\n'])
  },
)
