import type { HazardCase } from './hazard-corpus.ts'

const one = (
  id: 'H25' | 'H26',
  title: string,
  sql: HazardCase['sql'],
  finds: HazardCase['finds'] = [id],
  squawk: HazardCase['squawk'] = finds.includes(id) ? 'is blind' : 'is silent',
): HazardCase => ({ id, title, by: 'a person', sql, finds, squawk })

const pointsTo = (table: string) =>
  `ALTER TABLE recruits ADD CONSTRAINT f FOREIGN KEY (cohort_id) REFERENCES ${table} (id) NOT VALID;`
const other = `BEGIN;\nALTER TABLE recruits DROP CONSTRAINT f;\n${pointsTo('badges')}\nCOMMIT;`

/** What keeps every value, and changes what it says: H25, H26. */
export const meaningCases: readonly HazardCase[] = [
  one(
    'H25',
    'a timestamp with a zone from now on, as Prisma writes it',
    'ALTER TABLE "recruits" ALTER COLUMN "joined" SET DATA TYPE TIMESTAMPTZ(3);',
    ['H11', 'H25'],
  ),
  one(
    'H25',
    'the way back',
    [
      `ALTER TABLE recruits ALTER joined TYPE timestamptz USING joined AT TIME ZONE 'UTC';`,
      'ALTER TABLE recruits ALTER joined TYPE timestamp;',
    ],
    ['H11', 'H25'],
  ),
  one('H25', 'a cast is no zone', 'ALTER TABLE recruits ALTER joined TYPE timestamptz USING joined::timestamptz;', [
    'H11',
    'H25',
  ]),
  one(
    'H25',
    'a copy into a new column',
    ['ALTER TABLE recruits ADD COLUMN since timestamptz;', 'UPDATE recruits SET since = joined WHERE since IS NULL;'],
    ['H13', 'H25'],
  ),
  one('H25', 'a zone by name', `ALTER TABLE recruits ALTER joined TYPE timestamptz USING joined AT TIME ZONE 'UTC';`, [
    'H11',
  ]),
  one(
    'H25',
    'the function with that zone',
    `ALTER TABLE recruits ALTER joined TYPE timestamptz USING timezone('UTC', joined);`,
    ['H11'],
  ),
  one(
    'H25',
    'a copy with a zone by name',
    [
      'ALTER TABLE recruits ADD COLUMN since timestamptz;',
      `UPDATE recruits SET since = joined AT TIME ZONE 'UTC' WHERE since IS NULL;`,
    ],
    ['H13'],
  ),
  one('H25', 'the day alone', 'ALTER TABLE recruits ALTER joined TYPE date;', ['H11']),

  one('H26', 'a foreign key that points to another table', [pointsTo('cohorts'), other]),
  one('H26', 'and one that is added beside it', [
    pointsTo('cohorts'),
    pointsTo('badges').replace('CONSTRAINT f', 'CONSTRAINT g'),
  ]),
  one('H26', 'and one that points to another column of the same table', [
    pointsTo('badges'),
    pointsTo('badges').replace('(id)', '(number)').replace('CONSTRAINT f', 'CONSTRAINT g'),
  ]),
  one(
    'H26',
    'two labels that change places',
    `BEGIN;
    ALTER TYPE "Mood" RENAME VALUE 'calm' TO 'x'; ALTER TYPE "Mood" RENAME VALUE 'busy' TO 'calm'; ALTER TYPE "Mood" RENAME VALUE 'x' TO 'busy';
    COMMIT;`,
    ['H9', 'H26'],
  ),
  one(
    'H26',
    'the same table under a new name',
    [
      pointsTo('cohorts'),
      `BEGIN;\nALTER TABLE cohorts RENAME TO classes;\nALTER TABLE recruits DROP CONSTRAINT f;\n${pointsTo('classes')}\nCOMMIT;`,
    ],
    ['H9'],
  ),
  one(
    'H26',
    'columns that are renamed with their tables',
    [
      pointsTo('cohorts'),
      `BEGIN;\nALTER TABLE recruits DROP CONSTRAINT f;\nALTER TABLE recruits RENAME cohort_id TO class_id;\n${pointsTo('cohorts').replace('cohort_id', 'class_id')}\nCOMMIT;`,
    ],
    ['H9'],
  ),
  one(
    'H26',
    'values that are written anew for it',
    [
      pointsTo('cohorts'),
      `BEGIN;\nUPDATE recruits SET cohort_id = b.id FROM badges AS b WHERE b.number = recruits.cohort_id;\nCOMMIT;`,
      other,
    ],
    [],
  ),
]
