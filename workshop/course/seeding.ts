// Seeds that were written before the rooms were arranged anew import this file.
export * from '../seeding/seeding.ts'
