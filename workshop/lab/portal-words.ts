import { base, en, en_ZA, Faker } from '@faker-js/faker'
import { words } from './portal-rows.ts'

/** What rows of the portal are called, as arrays in the order of `words`; the same ones each time. */
export function madeWords(): string[][] {
  const faker = new Faker({ locale: [en_ZA, en, base], seed: 26 })
  const make: Record<keyof typeof words, () => string> = {
    first: () => faker.person.firstName(),
    last: () => faker.person.lastName(),
    company: () => faker.company.name(),
    city: () => faker.location.city(),
  }
  return Object.entries(words).map(([name, count]) => Array.from({ length: count }, make[name as keyof typeof words]))
}
