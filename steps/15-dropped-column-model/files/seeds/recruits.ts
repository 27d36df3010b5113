import type { Prisma } from '../prisma/generated/client.ts'
import type { Person } from '../workshop/seeding/seeding.ts'

/** Invents one recruit. The same person always gives the same recruit, so that a seed can be run again. */
export function makeRecruit({ faker, label }: Person, cohort: string): Prisma.RecruitCreateManyInput {
  const firstName = faker.person.firstName()
  const surname = faker.person.lastName()
  // The label (c25-1, c25-2, …) makes the name unique. The seed finds a recruit again by its githubName.
  const githubName = faker.helpers.slugify(`${firstName} ${surname} ${label}`).toLowerCase()

  return {
    firstName,
    surname,
    rocketchatUser: faker.helpers.slugify(`${firstName}.${surname}`).toLowerCase(),
    githubName,
    personalEmailAddress: `${githubName}@example.com`,
    cohort,
  }
}
