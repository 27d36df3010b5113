import { nameOf, readSteps } from '../../../workshop/course/read-steps.ts'
import { deploy, files, migrations, mine, schema, seeds, type State } from './obedient-state.ts'

const everyTag = `tag --delete ${readSteps()
  .map((step) => `step-${nameOf(step)}`)
  .join(' ')}`
const cleo = `BEGIN; ALTER TABLE recruits RENAME COLUMN surname TO last_name;
  ALTER TABLE recruits ADD COLUMN nickname text; COMMIT;`

/** What has happened to git, to the servers or to files beside the work: the step itself is as it should be, or not begun. */
export const elsewhere: State[] = [
  {
    name: 'a model without @map',
    at: 0,
    step: 1,
    did: [files(1, schema), { edit: schema, from: / @map\("\w+"\)/g, to: '' }],
    says: /first_name/,
    ends: /first_name|@map/,
  },
  {
    name: 'on main, with empty databases',
    at: 0,
    step: 1,
    did: [{ git: 'switch --quiet main' }, { git: 'branch --quiet -D my-work' }],
    says: /✗/,
    ends: /Edit prisma\/schema.prisma/,
  },
  {
    name: 'the files of the end, on a branch of one’s own, with empty databases',
    at: 0,
    step: 7,
    did: [{ git: 'reset --quiet --hard step-18-team-rules' }],
    says: /✗/,
    ends: 'done',
  },
  {
    name: 'a release that was deployed, and taken out of the branch',
    at: 18,
    step: 18,
    did: [
      mine(cleo),
      { git: 'add --all --force prisma' },
      { git: 'commit --quiet --message Release' },
      { run: 'migrate deploy --env prod --yes' },
      { git: 'reset --quiet --hard HEAD~1' },
    ],
    says: /not of this step: column last_name/,
    ends: 'done',
  },
  {
    name: 'a value that was changed and brought back, and a column with a name of one’s own since',
    at: 18,
    step: 18,
    did: [
      { on: 'prod', sql: 'UPDATE recruits SET surname = upper(surname) WHERE id IN (2, 12)' },
      mine('ALTER TABLE recruits ADD nickname text;', '20270101000001_a'),
      { run: 'migrate deploy --env prod --yes' },
      { on: 'prod', sql: 'UPDATE recruits SET surname = initcap(surname) WHERE id IN (2, 12)' },
      mine('ALTER TABLE recruits RENAME COLUMN surname TO last_name;', '20270101000002_b'),
      { run: 'migrate deploy --env prod --yes' },
    ],
    says: /✗(?![^]*every recruit still has each value)/,
  },
  {
    name: 'a model that was brought back before it was committed',
    at: 3,
    step: 5,
    did: [files(4, schema, migrations), { run: 'migrate deploy' }, { git: 'restore prisma/schema.prisma' }],
    says: /personal_email_address/,
    ends: /optional|Edit/,
  },
  {
    name: 'the servers are down',
    at: 10,
    step: 10,
    did: [{ run: 'db down' }],
    says: /^(?![^]*takes hold whole)[^]*db up/,
    ends: 'done',
  },
  {
    name: 'a detached HEAD',
    at: 9,
    step: 9,
    did: [{ git: 'switch --quiet --detach HEAD' }],
  },
  {
    name: 'a branch without any tag behind it',
    at: 9,
    step: 10,
    did: [{ git: 'checkout --quiet --orphan fresh' }, { git: 'commit --quiet --message Fresh' }],
    says: /c26/,
    ends: /Write seeds\/c26.ts/,
  },
  {
    name: 'no tags, and the databases of an earlier step',
    at: 9,
    step: 10,
    did: [{ git: everyTag }, files(10, 'seeds'), ...seeds('c26')],
    says: /0 of the C26/,
    ends: 'done',
  },
  {
    name: 'rows that a person deleted from DEV',
    at: 10,
    step: 10,
    did: [{ on: 'dev', sql: 'DELETE FROM recruits' }],
    says: /0 of the C2/,
    ends: 'done',
  },
  {
    name: 'no recruits on PROD',
    at: 6,
    step: 7,
    did: [deploy],
    says: /0 of the C25/,
    ends: 'done',
  },
  {
    name: 'a migration that PROD has run, deleted before it was committed, and a recruit who came since',
    at: 10,
    step: 10,
    did: [
      mine('ALTER TABLE recruits ADD COLUMN note text;'),
      deploy,
      { run: 'seed c26 --count 6 --env prod' },
      { remove: `${migrations}/20270101000000_mine` },
    ],
    says: /applied, and not in the folder: 20270101000000_mine/,
    ends: /Copy the folder \.workshop\/snapshots\/prod_\S+\/migrations\/20270101000000_mine into prisma\/migrations/,
  },
  {
    name: 'the copies deleted',
    at: 13,
    step: 13,
    did: [{ remove: '.workshop/snapshots' }],
  },
]
