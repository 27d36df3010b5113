import { PrismaClient } from '../prisma/generated/client.ts'
import { seed } from '../workshop/seeding/seeding.ts'
import { makeRecruit } from './recruits.ts'

await seed('c26', PrismaClient, (person) => makeRecruit(person, 'C26 Data Eng'))
