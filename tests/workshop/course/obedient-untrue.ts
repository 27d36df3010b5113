import { deploy, files, mine, noted, rename, reset, schema, seeds, type State } from './obedient-state.ts'

const dropAndAdd =
  'ALTER TABLE recruits DROP COLUMN chatname, ADD COLUMN rocketchat_user TEXT NOT NULL; -- as Prisma writes it'

const half = `UPDATE recruits SET personal_email_address = upper(personal_email_address);
ALTER TABLE recruits ADD COLUMN cohort TEXT;
ALTER TABLE recruits ALTER COLUMN cohort SET NOT NULL;`

/** Notes and undo lists that say something else than what PROD holds: no advice may damage it. */
export const untrue: State[] = [
  {
    name: 'a required column noted as applied on PROD, and not there',
    at: 9,
    step: 9,
    did: [noted('20250113090000_add_cohort')],
    says: /PROD +it is what its migrations made[^]*missing: column cohort[^]*resolve --rolled-back 20250113090000_add_cohort/,
    ends: 'done',
  },
  {
    name: 'a drop and an add noted as applied on PROD, and then mended',
    at: 11,
    step: 12,
    did: [
      files(12, schema, 'seeds'),
      mine(dropAndAdd),
      noted('20270101000000_mine'),
      mine(rename),
      reset,
      ...seeds('c25', 'c26'),
    ],
    says: /✗ PROD[^]*do +npm run migrate -- resolve --rolled-back 20270101000000_mine/,
    ends: 'done',
  },
  {
    name: 'a required column of PROD that stands in the archive alone',
    at: 11,
    step: 11,
    did: [
      {
        on: 'prod',
        sql: 'CREATE SCHEMA archive; CREATE TABLE archive.recruits_chatname AS SELECT id, chatname FROM recruits; ALTER TABLE recruits DROP COLUMN chatname',
      },
    ],
    says: /missing: column chatname[^]*psql -- --env prod -c "BEGIN; [^"]*UPDATE recruits SET chatname = a.chatname FROM archive.recruits_chatname[^"]*COMMIT"/,
    ends: 'done',
  },
  {
    name: 'a file that changed values and failed on PROD, and was taken out of the folder',
    at: 6,
    step: 9,
    did: [
      deploy,
      { run: 'seed c25 --env prod' },
      files(9, 'prisma', 'seeds'),
      mine(half, '20250113090000_add_cohort'),
      { run: 'prisma-deploy prod' },
      files(9, 'prisma'),
      reset,
      ...seeds('c25'),
    ],
    says: /drift -- --env prod {4}\(shows the ways out\)[^]*personal_email_address of 5 recruits changed/,
    ends: /Its text is not in the folder any more.*Undo the tables by hand/,
  },
]
