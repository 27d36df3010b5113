import { expect, test } from '@jest/globals'
import { collect } from '../../../kit/project/processes.ts'

test('what a command writes comes whole, letters of several bytes included, however it is cut on the way', async () => {
  const words = '…é日'.repeat(100_000)
  const script = 'process.stdout.write("…é日".repeat(100_000))'
  const { code, output } = await collect([process.execPath, '-e', script])
  expect(code).toBe(0)
  expect(output === words).toBe(true)
})
