import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { findOtherRows } from '../../../workshop/course/check-rows.ts'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import type { EachCheck } from '../../../workshop/course/step.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

let server: ScratchServer
let client: pg.Client
beforeAll(async () => {
  server = await scratchServer()
  client = new pg.Client(server.adminUrl)
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})
beforeEach(() =>
  client.query(`DROP TABLE IF EXISTS reviews, submissions, enrolments;
    CREATE TABLE enrolments AS SELECT n AS id, 10 + n AS project_id FROM generate_series(1, 3) AS n;
    CREATE TABLE submissions AS SELECT n AS id, n AS enrolment_id FROM generate_series(1, 3) AS n;
    CREATE TABLE reviews AS SELECT n AS id, n AS submission_id FROM generate_series(1, 3) AS n`),
)

const check = readSteps()
  .find(({ number }) => number === 20)!
  .step.checks.find(({ kind }) => kind === 'each') as EachCheck

test('a required column that has the same value everywhere is not done: the right one stands two tables away', async () => {
  await client.query('ALTER TABLE reviews ADD COLUMN project_id int NOT NULL DEFAULT 11')
  expect(await findOtherRows(client, check)).toEqual({
    what: '2 of 3 rows of reviews are not so, the first has the id 2',
    isThere: true,
  })
  await client.query(check.mend)
  expect(await findOtherRows(client, check)).toBeUndefined()
})

test('a row without a value is wrong, and a column that is not there yet is said to be missing', async () => {
  expect(await findOtherRows(client, check)).toMatchObject({ isThere: false })
  await client.query('ALTER TABLE reviews ADD COLUMN project_id int')
  expect(await findOtherRows(client, check)).toMatchObject({
    isThere: true,
    what: expect.stringMatching(/^3 of 3 rows/),
  })
})
