import { deploy, files, migrations, mine, schema, seeds, type State } from './obedient-state.ts'

/** Half-way: something was forgotten, failed or was cut off. Each leads to the end of its step, or to what to decide. */
export const halfWay: State[] = [
  {
    name: 'DEV made empty by a goto that was cut off',
    at: 12,
    step: 12,
    did: [{ run: 'db reset' }, { on: 'dev', sql: 'DROP TABLE recruits, _prisma_migrations' }],
    says: /not applied yet/,
    ends: 'done',
  },
  {
    name: 'the archive written, and not yet resolved',
    at: 14,
    step: 15,
    did: [files(15, schema, 'seeds', migrations)],
    says: /not applied yet: 20250127090000/,
    ends: 'done',
  },
  {
    name: 'the rename written, and not yet resolved',
    at: 11,
    step: 12,
    did: [files(12, schema, 'seeds', migrations)],
    says: /not applied yet: 20250120090000/,
    ends: 'done',
  },
  {
    name: 'a seed that was forgotten on PROD',
    at: 9,
    step: 10,
    did: [files(10, 'seeds'), ...seeds('c26'), deploy],
    says: /0 of the C26/,
    ends: 'done',
  },
  {
    name: 'a deploy that was forgotten',
    at: 12,
    step: 13,
    did: [files(13, 'seeds'), ...seeds('c27')],
    says: /not applied yet/,
    ends: 'done',
  },
  {
    name: 'step 09 without its reset',
    at: 8,
    step: 9,
    did: [files(9, schema, 'seeds', migrations)],
    says: /missing: column cohort/,
    ends: 'done',
  },
  {
    name: 'a failed migration on PROD',
    at: 9,
    step: 10,
    did: [
      mine('ALTER TABLE nowhere ADD a text;', '20270101000000_wrong'),
      { run: 'prisma-deploy prod' },
      { remove: `${migrations}/20270101000000_wrong` },
      files(10, 'seeds'),
      ...seeds('c26'),
    ],
    says: /failed half-way/,
    ends: 'done',
  },
  {
    name: 'a required column half applied on PROD',
    at: 8,
    step: 9,
    did: [
      files(9, schema, 'seeds'),
      mine('ALTER TABLE recruits ADD COLUMN cohort text;\nALTER TABLE recruits ALTER COLUMN cohort SET NOT NULL;'),
      { run: 'prisma-deploy prod' },
    ],
    says: /✗ PROD(?![^]*every recruit still has each value)/,
    ends: /Mend it in a migration|by hand|fails where there are rows/,
  },
]
