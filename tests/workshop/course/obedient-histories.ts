import { archived, deploy, files, migrations, mine, reset, schema, seeds, type State } from './obedient-state.ts'

const cohort = `BEGIN; ALTER TABLE recruits ADD cohort text NOT NULL DEFAULT 'C25 Data Eng';
  ALTER TABLE recruits ALTER cohort DROP DEFAULT; COMMIT;`
const note = mine('ALTER TABLE recruits ADD COLUMN note text;')
const dropped: State['did'] = [
  files(15, schema, 'seeds'),
  mine('ALTER TABLE recruits DROP COLUMN id_number;'),
  { on: 'prod', sql: archived },
  { run: 'prisma-deploy prod' },
]

/** Which text of a migration was applied where: edited, mended, lost. */
export const histories: State[] = [
  {
    name: 'a file mended before PROD ran it, and DEV has run the old text',
    at: 9,
    step: 9,
    did: [
      { edit: `${migrations}/20250113090000_add_cohort/migration.sql`, from: '', to: '-- mine\n' },
      { run: 'prisma-deploy prod' },
      { git: 'commit --quiet --all --message Mended' },
    ],
    says: /DEV[^]*edited after it was applied/,
    ends: 'done',
  },
  {
    name: 'a file of one’s own, mended after a refused deploy',
    at: 8,
    step: 9,
    did: [
      files(9, schema, 'seeds'),
      mine('ALTER TABLE recruits ADD cohort text NOT NULL;'),
      reset,
      deploy,
      mine(cohort),
      deploy,
    ],
    says: /DEV[^]*edited after it (was|had been) applied/,
    ends: 'done',
  },
  {
    name: 'values typed on PROD by hand before a drop, and the file not mended',
    at: 14,
    step: 15,
    did: [...dropped, reset],
    says: /holds it nowhere now/,
    ends: /Mend it in a migration/,
  },
  {
    name: 'values typed on PROD by hand before a drop, and the file mended',
    at: 14,
    step: 15,
    did: [
      ...dropped,
      mine(`BEGIN; ${archived} ALTER TABLE recruits DROP COLUMN id_number; COMMIT;`),
      reset,
      ...seeds('c25'),
    ],
    says: /edited after it (was|had been) applied/,
    ends: 'done',
  },
  {
    name: 'a migration that PROD has run, deleted before it was committed, and values that came since',
    at: 10,
    step: 10,
    did: [
      note,
      deploy,
      { on: 'prod', sql: "UPDATE recruits SET note = 'Zoe' WHERE id < 4" },
      { remove: `${migrations}/20270101000000_mine` },
    ],
    says: /applied, and not in the folder: 20270101000000_mine/,
    ends: /Copy the folder \.workshop\S+20270101000000_mine into prisma.migrations, and commit it: .* values of recruits.note came since/,
  },
  {
    name: 'a migration that PROD has run, and nobody has its text',
    at: 10,
    step: 10,
    did: [note, { run: 'prisma-deploy prod' }, { remove: `${migrations}/20270101000000_mine` }],
    says: /applied, and not in the folder: 20270101000000_mine/,
    ends: /Write prisma.migrations.20270101000000_mine.migration.sql again/,
  },
  {
    name: 'a migration that PROD has run, whose text was lost, written again',
    at: 8,
    step: 9,
    did: [
      files(9, schema, 'seeds'),
      mine(cohort),
      { run: 'prisma-deploy prod' },
      mine(cohort.replaceAll('cohort text', 'cohort TEXT')),
      reset,
    ],
    says: /edited after it (was|had been) applied/,
    ends: 'done',
  },
]
