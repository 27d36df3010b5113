import { afterEach, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { scratchWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
afterEach(async () => {
  // Without packages no server was started, and its own way to stop them would install some.
  if (existsSync(workshop.file('node_modules'))) await workshop.remove()
  else rmSync(workshop.folder, { recursive: true })
})

/** As after `git clone`: no packages yet. */
function bareWorkshop(): Workshop {
  const bare = scratchWorkshop()
  rmSync(bare.file('node_modules'))
  return bare
}

// One story, because an install takes half a minute: whatever the first one left, two are then started at once.
test('without packages a command installs them; cut off, it is made good by the next, also when two are started at once', async () => {
  workshop = bareWorkshop()
  if (process.platform !== 'win32') {
    const installing = async () => existsSync(workshop.file('node_modules'))
    const cutOff = await workshop.interrupt([process.execPath, 'workshop/run.mjs', 'db', 'url'], installing)
    expect(cutOff.code).toBe(130)
    expect(cutOff.output).toContain('Installing the packages was cut off')
    expect(existsSync(workshop.file('node_modules/.package-lock.json'))).toBe(false)
  }
  const both = await Promise.all([workshop.npm('start'), workshop.npm('start')])
  expect(both.map(({ code, output }) => (code === 0 ? 'done' : output))).toEqual(['done', 'done'])
  const outputs = both.map(({ output }) => output).join('\n')
  expect(outputs.match(/Installing the packages/g)).toHaveLength(1)
  expect(outputs).toContain('Another command is installing the packages; waiting')
  expect(outputs.match(/✓ PROD/g)).toHaveLength(2)
}, 400_000)

test('where the package registry cannot be reached, npm’s own words are shown, and the way on', async () => {
  workshop = bareWorkshop()
  const env = {
    npm_config_registry: 'http://127.0.0.1:1/',
    npm_config_cache: workshop.file('.workshop/empty-cache'),
    npm_config_fetch_retries: '0',
  }
  const { code, output } = await workshop.exec([process.execPath, 'workshop/run.mjs', 'db', 'url'], { env })
  expect(code).toBe(1)
  expect(output).toContain('The packages were not installed')
  expect(output).toContain('ECONNREFUSED')
})

test('a lock that a dead install left behind is not waited for', async () => {
  workshop = scratchWorkshop({ isBuilt: true })
  mkdirSync(workshop.file('.workshop'), { recursive: true })
  writeFileSync(workshop.file('.workshop/installing'), '999999')
  expect(await workshop.run('db', 'url')).toMatchObject({ code: 0 })
})

test.each(['18.20.0', '20.18.3', '21.7.3', '22.11.0', '23.11.1'])(
  'Node.js %s is told which one is needed',
  async (version) => {
    workshop = scratchWorkshop()
    const asOld = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); import('./workshop/run.mjs')`
    const { code, output } = await workshop.exec([process.execPath, '-e', asOld])
    expect(code).toBe(1)
    expect(output).toContain(`Node.js ${version} does not run Prisma 7`)
    expect(output).toContain('20.19 or a newer 20, 22.12 or a newer 22, or 24')
  },
)
