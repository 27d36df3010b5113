import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import * as pty from '@lydell/node-pty'
import { tsx } from '../../../kit/project/processes.ts'
import {
  column,
  databaseAt,
  environment,
  finished,
  interrupted,
  removeSeedBed,
  rows,
  seed,
  seedArgv,
  startSeedBed,
  workshopAt,
} from './seed-bed.ts'

beforeAll(startSeedBed)
afterAll(removeSeedBed)

describe('a seed without flags', () => {
  test('adds five recruits, one line each, and then says how many there are', async () => {
    const url = await databaseAt(17)
    const { code, output } = await seed(finished, url, 'c26')
    expect(code).toBe(0)
    const names = await column(url, 'github_name')
    expect(output.trimEnd().split('\n')).toEqual([
      ...names.map((name) => `DEV   + ${name}`),
      'DEV   5 recruits added. 5 in C26 Data Eng.',
    ])
  })

  test('run again, says that they are there and adds none', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    const { code, output } = await seed(finished, url, 'c26')
    expect(code).toBe(0)
    expect(output).toBe('DEV   5 recruits there already, none added. 5 in C26 Data Eng.\n')
  })

  test('gives each cohort recruits of its own', async () => {
    const url = await databaseAt(17)
    for (const name of ['c25', 'c26', 'c27', 'c28']) expect((await seed(finished, url, name)).code).toBe(0)
    const cohorts = await rows(url, 'SELECT cohort, count(*)::int FROM recruits GROUP BY 1 ORDER BY 1')
    expect(cohorts).toEqual([25, 26, 27, 28].map((n) => ({ cohort: `C${n} Data Eng`, count: 5 })))
  })

  test('that is started by hand, through tsx, is the same', async () => {
    const [url, byHand] = [await databaseAt(17), await databaseAt(17)]
    await seed(finished, url, 'c26')
    const { code, output } = await finished.exec([...tsx, 'seeds/c26.ts'], { env: { DATABASE_URL: byHand } })
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('5 recruits added.') })
    const everything = 'SELECT * FROM recruits ORDER BY id'
    expect(await rows(byHand, everything)).toEqual(await rows(url, everything))
  })

  test('says PROD when the environment is prod', async () => {
    const url = await databaseAt(17)
    const { output } = await seed(finished, url, 'c26', [], { WORKSHOP_ENV: 'prod' })
    expect(output).toContain('PROD  5 recruits added. 5 in C26 Data Eng.')
  })
})

describe('--count', () => {
  test('changes nobody: recruit n is the same in a run of 3, of 999 and of 1,000', async () => {
    const [three, few, many] = [await databaseAt(17), await databaseAt(17), await databaseAt(17)]
    await seed(finished, three, 'c26', ['--count', '3'])
    await seed(finished, few, 'c26', ['--count', '999'])
    await seed(finished, many, 'c26', ['--count', '1000'])
    const everything = 'SELECT * FROM recruits ORDER BY id'
    expect((await rows(few, everything)).slice(0, 3)).toEqual(await rows(three, everything))
    expect((await rows(many, everything)).slice(0, 999)).toEqual(await rows(few, everything))
    // And they are a crowd, not one person under a thousand numbers.
    expect((await column(many, 'count(DISTINCT (first_name, surname))::int'))[0]).toBeGreaterThan(900)
  })

  test('adds only the recruits that are missing', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    expect((await seed(finished, url, 'c26', ['--count', '7'])).output).toContain('2 recruits added, 5 there already')
    const { output } = await seed(finished, url, 'c26', ['--count', '6000'])
    expect(output).toContain('5,993 recruits added, 7 there already')
    expect(await column(url, 'count(DISTINCT personal_email_address)::int')).toEqual([6000])
  })

  test('from 1,000 on prints a line now and then with rows per second, not one for each recruit', async () => {
    const url = await databaseAt(17)
    const { output } = await seed(finished, url, 'c26', ['--count', '10000'])
    const lines = output.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^DEV {3}5,000 of 10,000 {2}[\d,]+ rows\/s$/)
    expect(lines[2]).toMatch(/^DEV {3}10,000 recruits added, [\d,]+ rows\/s\. 10,000 in C26 Data Eng\.$/)
  })

  test('draws a bar in a terminal', async () => {
    const url = await databaseAt(17)
    const [program, ...args] = [...seedArgv('c26'), '--count', '20000']
    const terminal = pty.spawn(program!, args, { cwd: finished.folder, cols: 120, env: environment(url) })
    let output = ''
    terminal.onData((data) => (output += data))
    await new Promise((resolve) => terminal.onExit(resolve))
    expect(output).toMatch(/█+.* of 20,000 {2}[\d,]+ rows\/s/)
    expect(output).toContain('20,000 recruits added')
  })
})

describe('--random', () => {
  test('adds new recruits each time', async () => {
    const url = await databaseAt(17)
    await seed(finished, url, 'c26')
    await seed(finished, url, 'c26', ['--random'])
    expect((await seed(finished, url, 'c26', ['--random', '--count', '2'])).output).toContain(
      '2 recruits added. 12 in C26 Data Eng.',
    )
    expect(await column(url, 'count(DISTINCT personal_email_address)::int')).toEqual([12])
  })
})

describe('a million recruits', () => {
  test('have a million names and a million addresses', async () => {
    finished.write('seeds/million.ts', million)
    const { output } = await finished.exec(seedArgv('million'))
    expect(JSON.parse(output)).toEqual({ names: 1_000_000, addresses: 1_000_000 })
  })
})

const million = `
import { recruiter } from '../workshop/seeding/people.ts'
import { makeRecruit } from './recruits.ts'
const recruit = recruiter('c26', false, (person) => makeRecruit(person, 'C26 Data Eng'))
const names = new Set(), addresses = new Set()
for (let n = 1; n <= 1_000_000; n++) {
  const { githubName, personalEmailAddress } = recruit(n)
  names.add(githubName)
  addresses.add(personalEmailAddress)
}
console.log(JSON.stringify({ names: names.size, addresses: addresses.size }))
`

describe('a run that was cut off', () => {
  test('by Ctrl-C ends at the edge of a batch, says how many are in, and the same command adds the rest', async () => {
    const url = await databaseAt(17)
    const { code, output } = await interrupted(url, 'SIGINT', ['--count', '50000'])
    const there = (await column(url, 'count(*)::int'))[0] as number
    expect(there).toBeGreaterThan(0)
    expect(there % 5_000).toBe(0)
    const words = `Stopped: ${there.toLocaleString('en-US')} of 50,000 are in. The same command adds the rest:
      npm run seed:c26 -- --env dev --count 50000`
    // On Windows a test can only end a process, not interrupt it.
    const expected = process.platform === 'win32' ? {} : { code: 130, output: expect.stringContaining(words) }
    expect({ code, output }).toMatchObject(expected)
    expect((await seed(finished, url, 'c26', ['--count', '50000'])).code).toBe(0)
    expect(await column(url, 'count(DISTINCT github_name)::int')).toEqual([50_000])
    expect(await column(url, 'count(*)::int')).toEqual([50_000])
  })

  test('by the end of its process is repeated the same way', async () => {
    const url = await databaseAt(17)
    expect(await interrupted(url, 'SIGKILL', ['--count', '50000'])).toMatchObject({ code: null })
    const there = (await column(url, 'count(*)::int'))[0] as number
    expect(there % 5_000).toBe(0)
    expect(there).toBeLessThan(50_000)
    const { code, output } = await seed(finished, url, 'c26', ['--count', '50000'])
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('50,000 in C26 Data Eng.') })
  })
})

describe('two seeds at once', () => {
  test('neither fail nor add anyone twice, without a unique column too', async () => {
    const workshop = await workshopAt(3)
    const url = await databaseAt(3)
    for (const count of ['50', '8000']) {
      const both = await Promise.all([1, 2].map(() => seed(workshop, url, 'c25', ['--count', count])))
      expect(both.map(({ code }) => code)).toEqual([0, 0])
      expect(await column(url, 'count(*)::int')).toEqual([Number(count)])
      expect(await column(url, 'count(DISTINCT github_name)::int')).toEqual([Number(count)])
    }
  })
})
