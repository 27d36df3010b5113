import type { History } from './histories.ts'

const url = 'postgresql://prod:secret@127.0.0.1:5432/prod'

/** What is wrong with the rows of PROD, with the files around the work, and with what PROD tells of its past. */
export const wrongElsewhere: History[] = [
  {
    name: 'a surname of the C25 typed over',
    at: 18,
    did: [{ on: 'prod', sql: "UPDATE recruits SET surname = '<i>x</i>' WHERE id = 2" }],
    wrong: [/^C25: surname of 1 recruit changed: id 2 was "\S+", is "&lt;i&gt;x&lt;\/i&gt;"/],
    shows: [/Values of PROD kept \| ✗ 149 of 150/],
  },
  {
    name: 'a value of the newest cohort typed over',
    at: 18,
    did: [{ on: 'prod', sql: "UPDATE recruits SET rocketchat_user = 'x' WHERE id = 20" }],
    wrong: [/^C28: rocketchat_user of 1 recruit changed: id 20/],
  },
  {
    name: 'a cohort typed over',
    at: 18,
    did: [{ on: 'prod', sql: "UPDATE recruits SET cohort = 'C25 Data Eng' WHERE id = 7" }],
    wrong: [/^C26: cohort of 1 recruit changed: id 7/],
  },
  {
    name: 'two recruits who have changed their places',
    at: 18,
    did: [
      {
        on: 'prod',
        sql: 'UPDATE recruits SET surname = (SELECT surname FROM recruits AS o WHERE o.id = 3 - recruits.id) WHERE id IN (1, 2)',
      },
    ],
    wrong: [/^C25: surname of 2 recruits changed/],
  },
  {
    name: 'a cohort that was never added',
    at: 13,
    did: [{ forced: "DELETE FROM recruits WHERE cohort LIKE 'C27%'" }],
    wrong: [/^Step 13-c27-recruits is not done: PROD: 5 recruits or more of the C27: 0 of the C27/],
  },
  {
    name: 'a cohort deleted from PROD',
    at: 18,
    did: [{ forced: "DELETE FROM recruits WHERE cohort LIKE 'C26%'" }],
    wrong: [/^PROD has lost 5 recruits: \S+-c26-5, /],
    shows: [/\| C26 \| ✗ 0 \|/],
  },
  {
    name: 'PROD emptied',
    at: 18,
    did: [{ forced: 'TRUNCATE recruits' }],
    wrong: [/^PROD has lost 15 recruits/],
  },
  {
    name: 'a cohort twice',
    at: 18,
    did: [
      {
        on: 'prod',
        sql: "INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort) SELECT first_name, surname, rocketchat_user, github_name, 'again-' || personal_email_address, cohort FROM recruits WHERE cohort LIKE 'C28%'",
      },
    ],
    wrong: [/^In PROD, 5 of 25 are there twice/],
  },
  {
    name: 'the archive dropped',
    at: 18,
    did: [{ forced: 'DROP TABLE archive.recruits' }],
    wrong: [
      /^C25: id_number of 5 recruits changed: .* is nothing/,
      /^Step 18\S* is not done: PROD: every recruit of C25, C26, C27/,
    ],
  },
  {
    name: 'a column dropped from PROD by hand',
    at: 18,
    did: [{ forced: 'ALTER TABLE recruits DROP COLUMN github_name' }],
    wrong: [/^Not so: PROD is what its migrations make: .*github_name is missing/],
  },
  {
    name: 'a failed migration in PROD’s history',
    at: 18,
    did: [{ forced: "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%drop_id_number'" }],
    wrong: [/^Not so: PROD .*drop_id_number/],
  },
  {
    name: 'PROD’s history lost',
    at: 18,
    did: [{ forced: 'DROP TABLE _prisma_migrations' }],
    wrong: [/^Does not fit together: each deploy of the ledger .* which PROD’s history does not have/],
  },
  {
    name: 'a URL in the schema',
    at: 18,
    did: [
      {
        edit: 'prisma/schema.prisma',
        from: /provider\s+= "postgresql"/,
        to: `provider = "postgresql"\n  // url = "${url}"`,
      },
    ],
    wrong: [/^A database is named in prisma\/schema.prisma, line \d+: postgresql:\/\/prod:\\\*\\\*\\\*\\\*@127/],
  },
  {
    name: 'a URL in the settings',
    at: 18,
    did: [{ edit: 'prisma.config.ts', from: 'datasource: ', to: `// ${url}\n  datasource: ` }],
    wrong: [/^A database is named in prisma.config.ts/],
  },
  {
    name: 'a URL in a seed',
    at: 18,
    did: [{ edit: 'seeds/c26.ts', from: 'await seed', to: `process.env['DATABASE_URL'] = '${url}'\nawait seed` }],
    wrong: [/^A database is named in seeds\/c26.ts, line \d+/],
  },
  {
    name: 'a connection spelled out in a script of one’s own',
    at: 18,
    did: [{ write: 'create_recruits.ts', text: "const client = { host: 'localhost', password: 'secret' }\n" }],
    wrong: [/^A database is named in create_recruits.ts, line 1: host/],
  },
  {
    name: 'an entry taken out of the ledger',
    at: 18,
    did: [
      { forced: 'DELETE FROM workshop.ledger_columns WHERE entry = 4; DELETE FROM workshop.ledger WHERE entry = 4' },
    ],
    wrong: [/^Does not fit together: the ledger has every entry.* entry 4 is missing/],
  },
  {
    name: 'a fingerprint of the ledger edited',
    at: 18,
    did: [{ forced: "UPDATE workshop.ledger_columns SET fingerprint = 1 WHERE entry = 5 AND column_name = 'surname'" }],
    wrong: [/^Does not fit together: each copy .* public.recruits.surname is not what entry 5 of the ledger counted/],
  },
  {
    name: 'times of the ledger edited',
    at: 18,
    did: [{ forced: "UPDATE workshop.ledger SET at = at - interval '1 day' WHERE entry > 2" }],
    wrong: [/^Does not fit together: the ledger has every entry.* is older than the one before it/],
  },
  {
    name: 'a deploy noted that never was',
    at: 18,
    did: [{ forced: "UPDATE workshop.ledger SET migrations = '{20250101000000_never}' WHERE entry = 4" }],
    wrong: [/^Does not fit together: each deploy .* deployed 20250101000000\\?_never/],
  },
  {
    name: 'PROD put back from a copy that its ledger does not know',
    at: 18,
    did: [
      {
        forced:
          "INSERT INTO workshop.ledger (event, snapshot) VALUES ('restore of prod_20250101_000000_000', 'prod_20250101_000000_000')",
      },
    ],
    wrong: [/^Does not fit together: PROD was never put back/],
  },
  {
    name: 'a loss that the ledger noted',
    at: 18,
    did: [{ forced: "SELECT workshop.note_ledger('lost: recruits.surname 5', NULL)" }],
    wrong: [/^The ledger noted: lost: recruits.surname 5/],
  },
  {
    name: 'files that are not committed',
    at: 18,
    did: [{ edit: 'seeds/c25.ts', from: 'await', to: '// mine\nawait' }],
    wrong: [],
    shows: [/Not committed: seeds\/c25.ts/],
  },
  {
    name: 'no commit of one’s own',
    at: 18,
    did: [{ git: ['checkout', '--quiet', '--force', '-B', 'my-work', 'step-18-team-rules'] }],
    wrong: [],
    shows: [/There is no commit of the learner’s own/],
  },
  {
    name: 'HTML in a commit’s message',
    at: 18,
    did: [{ commit: '<script>alert(1)</script> | [x](javascript:1)' }],
    wrong: [],
    shows: [/&lt;script&gt;alert\(1\)&lt;\/script&gt; \\\| \\\[x\\\]/],
  },
]
