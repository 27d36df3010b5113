import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bareCommand } from '../../../kit/drift/next-command.ts'
import { valuesInProd } from '../../support/kept-rows.ts'
import type { Ran } from '../../support/program.ts'
import { randomFrom } from '../../kit/deploy/faults.ts'
import { dropPath, layFilesOf, obedientBed, type Bed } from './obedient-bed.ts'
import type { Did, State } from './obedient-state.ts'
import { states } from './obedient-states.ts'

/** At night all of them; else some, another choice each time. */
const all = process.env['WORKSHOP_ALL_STATES'] === '1'
const seed = Number(process.env['WORKSHOP_STATES_SEED'] ?? Date.now() % 1_000_000)
const only = process.env['WORKSHOP_STATE']
const chosen = choose()

let bed: Bed
beforeAll(async () => {
  bed = await obedientBed([...new Set(chosen.map(({ at }) => at))])
}, 300_000)
afterAll(() => bed?.workshop.remove())

test.each(chosen.map((state): [string, State] => [`${state.name} (at step ${state.at}, seed ${seed})`, state]))(
  'the judge tells the truth, and its advice leads to the end: %s',
  async (_, state) => {
    await bed.begin(state.at)
    await lookAtProd()
    const begun = now
    for (const did of state.did) await act(did)
    const first = await check(state.step)
    expect({ code: first.code, output: first.output }).toMatchObject({
      code: state.says ? 1 : 0,
      output: expect.stringMatching(state.says ?? /./),
    })
    if (state.ends) await obey(state, begun)
  },
  120_000,
)

const check = (step: number) => bed.workshop.door('check', String(step).padStart(2, '0'))

/** Types only what is printed after `next`, until the step's check passes, or a person has to decide. */
async function obey({ step, ends }: State, begun: ReadonlySet<string>): Promise<void> {
  await lookAtProd()
  // What somebody has overwritten may be overwritten in turn.
  const idOf = (value: string) => value.split(' → ')[0]!
  const ids = new Set([...begun].map(idOf))
  const before = [...now].filter((value) => begun.has(value) || !ids.has(idOf(value)))
  const typed: string[] = []
  const seen = new Set<string>()
  let line = 'npm run check'
  for (let n = 0; n <= 10; n++) {
    const ran = await type(line)
    typed.push(line, ...ran.output.split('\n').map((one) => `    ${one}`))
    const isDone = (await check(step)).code === 0
    const next = nextIn(ran) ?? 'npm run check'
    const lost = before.filter((value) => !value.endsWith(' → null') && !now.has(value))
    if (isDone || !isCommand(next)) {
      const end = isDone ? 'done' : next
      if (typeof ends === 'string') expect({ end, typed }).toMatchObject({ end: ends })
      else expect(isDone ? 'done' : `${next} ${ran.output}`).toMatch(ends!)
      expect(lost).toEqual([])
      return
    }
    const place = `${await bed.state()} ${next}`
    if (ends instanceof RegExp && seen.has(place) && ends.test(ran.output)) return
    if (seen.has(place)) throw new Error(`A circle:\n${typed.join('\n')}\nnext ${next}`)
    seen.add(place)
    line = next
  }
  throw new Error(`Ten commands, and no end:\n${typed.join('\n')}`)
}

let now = new Set<string>()

/** The first line after `next`, without what it says about itself. */
function nextIn({ output }: Ran): string | undefined {
  const found = [...output.matchAll(/^ *next {2}(.+)$/gm)].at(-1)?.[1]
  return found === undefined ? undefined : bareCommand(found)
}

function isCommand(line: string): boolean {
  return /^(npm |npx |git )/.test(line)
}

async function type(line: string): Promise<Ran> {
  const ran = await typeIt(line)
  await lookAtProd()
  return ran
}

/** A server that is down, or a database that is set aside for a moment, holds what it held. */
async function lookAtProd(): Promise<void> {
  now = await valuesInProd(bed.workshop).catch((error: NodeJS.ErrnoException) => {
    if (!['ECONNREFUSED', '57P03', '3D000'].includes(error.code ?? '')) throw error
    return now
  })
}

function typeIt(line: string): Promise<Ran> {
  const { workshop } = bed
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
  if (words[0] === 'npx') return workshop.prisma('dev', ...words.slice(2))
  if (words[0] !== 'npm') return workshop.exec(words)
  const [script = '', ...args] = words[1] === 'run' ? words.slice(2) : words.slice(1)
  const verb = script.startsWith('seed:') ? ['seed', script.slice('seed:'.length)] : [script]
  const typed = [...verb, ...args.filter((word) => word !== '--')]
  // What only looks needs no process of its own.
  return typed[0] === 'check' ? workshop.door(...typed) : workshop.run(...typed)
}

async function act(did: Did): Promise<void> {
  const { workshop } = bed
  if ('sql' in did) await workshop.sql(did.on, did.sql)
  else if ('lay' in did) layFilesOf(workshop, did.of, did.lay)
  else if ('write' in did) workshop.write(did.write, did.text)
  else if ('remove' in did) dropPath(workshop, did.remove)
  else if ('git' in did) await workshop.exec(['git', ...did.git.split(' ')])
  else if ('run' in did) await runs(did.run)
  else {
    const text = readFileSync(workshop.file(did.edit), 'utf8')
    expect(text).toMatch(did.from)
    workshop.write(did.edit, text.replace(did.from, did.to))
  }
}

async function runs(words: string): Promise<void> {
  const [first, ...more] = words.split(' ')
  if (words === 'prisma-deploy prod') await bed.workshop.prisma('prod', 'migrate', 'deploy')
  else if (first === 'prisma-resolve') await bed.workshop.prisma('prod', 'migrate', 'resolve', '--applied', ...more)
  else await bed.workshop.run(...words.split(' '))
}

function choose(): State[] {
  if (only) return states.filter(({ name }) => new RegExp(only).test(name))
  if (all) return [...states]
  const random = randomFrom(seed)
  return states
    .map((state) => ({ state, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, 12)
    .map(({ state }) => state)
}
