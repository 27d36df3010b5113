import { randomBytes } from 'node:crypto'
import { Faker, base, en, en_ZA } from '@faker-js/faker'
import { Problem } from '../../kit/terminal/problem.ts'

/** What a recruit is made from. */
export interface Person {
  /** Invents names, numbers and more: https://fakerjs.dev/api. It starts anew for each recruit. */
  faker: Faker
  /** Unique in the database: the seed's name and the recruit's number, as in "c26-3". */
  label: string
}

/** The least that a seed needs: the name by which it finds a recruit again. */
export interface Seedable {
  githubName: string
}

/** Makes the recruit with number n of a seed, the first being 1. It depends on the run's name and on n alone. */
export type Recruiter<Recruit> = (n: number) => Recruit

export function recruiter<Recruit extends Seedable>(
  seedName: string,
  random: boolean,
  makeRecruit: (person: Person) => Recruit,
): Recruiter<Recruit> {
  const run = random ? `${seedName}-${randomBytes(5).toString('hex')}` : seedName
  const faker = new Faker({ locale: [en_ZA, en, base], randomizer: quickRandomizer() })
  const runSeed = [...Buffer.from(run)]
  const made = new Set<string>()

  return (n) => {
    faker.seed([...runSeed, n])
    const recruit = makeRecruit({ faker, label: `${run}-${n}` })
    rememberName(recruit, made)
    return recruit
  }
}

function rememberName(recruit: Seedable, made: Set<string>): void {
  if (typeof recruit.githubName !== 'string') {
    throw new Problem('This recruit has no githubName.', {
      why: 'A seed finds a recruit again by its githubName, so makeRecruit must give one.',
      next: 'Open seeds/recruits.ts and add a githubName.',
    })
  }
  if (made.has(recruit.githubName)) {
    throw new Problem(`Two recruits have the githubName "${recruit.githubName}".`, {
      why: 'A seed finds a recruit again by its githubName, so no two may have the same.',
      next: 'Open seeds/recruits.ts and put the label into the githubName.',
    })
  }
  made.add(recruit.githubName)
}

/** Seeding faker's own generator for every single recruit would take 40 times as long as naming them. */
function quickRandomizer() {
  let state = 0
  return {
    seed(seed: number | number[]) {
      state = [seed].flat().reduce((mixed, part) => scramble(mixed ^ part), 0)
    },
    next() {
      state = (state + 0x9e3779b9) | 0
      return (scramble(state) >>> 0) / 2 ** 32
    },
  }
}

/** The finalizer of MurmurHash3: each bit of the input changes about half of the bits of the result. */
function scramble(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}
