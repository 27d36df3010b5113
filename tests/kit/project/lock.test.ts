import { expect, test } from '@jest/globals'
import { alone } from '../../../kit/project/lock.ts'

test('who waits longer than anybody takes is told so, with what to type, and no stack', async () => {
  process.env['WORKSHOP_LOCK_RETRIES'] = '1'
  const said: string[] = []
  const late = await alone(
    'test-lock',
    () => {},
    () =>
      alone(
        'test-lock',
        (line) => void said.push(line),
        async () => {},
      ).catch((error: unknown) => error),
  )
  expect(said).toEqual(['Another command of this workshop is running; waiting …'])
  expect(late).toMatchObject({
    name: 'Problem',
    message: 'Another command of this workshop is still running: nothing was done.',
    next: [expect.stringContaining('Ctrl-C')],
  })
})
