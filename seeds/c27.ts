import { PrismaClient } from '../prisma/generated/client.ts'
import { seed } from '../workshop/seeding/seeding.ts'
import { makeRecruit } from './recruits.ts'

await seed('c27', PrismaClient, (person) => makeRecruit(person, 'C27 Data Eng'))
