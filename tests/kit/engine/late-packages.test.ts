import { expect, test } from '@jest/globals'
import { join } from 'node:path'
import { collect, prisma } from '../../../kit/project/processes.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { prismaCli } from '../../support/toy-project.ts'

const node = (code: string) => collect([process.execPath, '-e', code], { cwd: projectRoot })
const quoted = (path: string) => JSON.stringify(path)
const late = quoted(join(projectRoot, 'kit', 'engine', 'late-packages.cjs'))

test('a command of Prisma’s loads a quarter of its files, and no server, Studio or generator of test data', async () => {
  const { code, output } = await node(`
    process.once('exit', () => console.log(JSON.stringify(Object.keys(require.cache))))
    process.argv = [process.execPath, 'prisma', 'validate']
    require(${quoted(prisma[1]!)})`)
  expect(code).toBe(0)
  expect(output).toContain('is valid')
  const files = JSON.parse(output.trim().split('\n').at(-1)!) as string[]
  expect(files.length).toBeLessThan(250)
  expect(files.filter((file) => /fast-check|remeda|studio-core|[\\/]@prisma[\\/]dev[\\/]/.test(file))).toEqual([])
})

test('who asks for more of a package than the part that stands alone has all of it', async () => {
  const { output } = await node(`
    require(${late}).loadLate()
    const from = require('node:module').createRequire(${quoted(prismaCli[1]!)})
    const [effect, engines] = [from('effect'), from('@prisma/fetch-engine')]
    console.log(effect.Schema === from('effect/Schema'), engines.BinaryType.SchemaEngineBinary)
    console.log(effect.pipe(20, (n) => n + 22), 'Either' in effect, 'Nothing' in effect, effect.Nothing)
    console.log(Object.keys(effect).length > 100, typeof { ...engines }.download, typeof effect.FastCheck.integer)`)
  expect(output.split('\n')).toEqual(['true schema-engine', '42 true false undefined', 'true function function', ''])
})

test('whoever is not Prisma’s has a package as Node loads it', async () => {
  const { output } = await node(`
    const whole = require('effect')
    require(${late}).loadLate()
    console.log(require('effect') === whole)`)
  expect(output).toBe('true\n')
})
