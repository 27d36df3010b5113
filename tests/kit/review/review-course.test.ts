import { beforeAll, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hazardsOf } from '../../../kit/hazards/hazards.ts'
import { loadParser } from '../../../kit/sql/tree.ts'
import { projectRoot } from '../../../kit/project/project.ts'
import { laid, migrationsOf } from '../../support/laid-steps.ts'

beforeAll(loadParser)

test('the course’s own migrations pass, all on an empty database and each on those before it', () => {
  const files = laid(Number.POSITIVE_INFINITY)
  const all = migrationsOf(files).map((name) => ({ name, sql: files[`prisma/migrations/${name}/migration.sql`]! }))
  expect(all.length).toBeGreaterThan(5)
  expect(hazardsOf(all).filter(({ level }) => level === 'refuse')).toEqual([])
  const noted = all.flatMap((one, i) => hazardsOf([one], { landed: all.slice(0, i) }))
  expect(noted.filter(({ level }) => level === 'refuse')).toEqual([])
  expect(noted.map(({ id, migration }) => `${id} ${migration.replace(/^\d+_/, '')}`)).toEqual([
    'H4 add_personal_email_address',
    'H13 backfill_personal_email_address',
    'H3 require_personal_email_address',
    'H9 rename_chatname_to_rocketchat_user',
    // Of 25 new tables nothing is said: they are empty. What touches the recruits is.
    ...['H4', 'H12', 'H12', 'H4', 'H4'].map((id) => `${id} add_portal`),
    'H13 review_project_backfill',
    ...['H3', 'H4', 'H12'].map((id) => `${id} review_project_require`),
    ...['H9', 'H9'].map((id) => `${id} partners`),
  ])
})

test('the workflow judges each request, with all of the history', () => {
  const text = readFileSync(join(projectRoot, '.github', 'workflows', 'review.yml'), 'utf8')
  expect(text).toContain('pull_request:')
  expect(text).toContain('fetch-depth: 0')
  expect(text).toContain('npm run review -- --base "$BASE" --github')
})
