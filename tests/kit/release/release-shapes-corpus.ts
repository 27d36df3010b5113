import type { Shape } from './release-shapes.ts'

export const user = 'model U { id Int @id; posts P[] }'

/** Ordinary changes of ordinary models. */
export const corpus: [string, Shape][] = [
  [
    'all kinds of new fields',
    {
      before: 'model U { id Int @id; name String }',
      after: `model U { id Int @id; name String; bossId Int?; boss U? @relation("b", fields: [bossId], references: [id]); staff U[] @relation("b"); tags Tag[]; amount Decimal @default(1.5) @db.Decimal(10, 2); data Json @default("{}"); raw Bytes?; big BigInt @default(5); at DateTime @default(now()) @db.Timestamptz(3); names String[]; kinds Kind[] @default([A, B]); kind Kind @default(B); uid String @default(dbgenerated("gen_random_uuid()")) @db.Uuid; order Int?; @@unique([name, order]); @@index([name, at(sort: Desc)]) }
enum Kind { A; B }
model Tag { id Int @id; users U[] }
model Pair { a Int; b String; @@id([a, b]) }
model Order { id BigInt @id @default(autoincrement()); x Int? }`,
      rows: `INSERT INTO "U" VALUES (1, 'a'), (2, 'b')`,
      phases: [''],
    },
  ],
  [
    'times that get a zone, and times that lose it, by a role that has one of its own',
    {
      before: 'model T { id Int @id; a DateTime; b DateTime @db.Timestamptz(3); c DateTime @db.Date }',
      after: 'model T { id Int @id; a DateTime @db.Timestamptz(3); b DateTime; c DateTime @db.Timestamptz(3) }',
      rows: `SET timezone = 'America/New_York'; INSERT INTO "T" VALUES (1, '2025-06-01 12:00', '2025-06-01 12:00+00', '2025-06-01')`,
      kept: [
        `SELECT (a AT TIME ZONE 'UTC')::text AS a, b::text, (c AT TIME ZONE 'UTC')::text AS c FROM "T"`,
        [{ a: '2025-06-01 12:00:00', b: '2025-06-01 12:00:00', c: '2025-06-01 00:00:00' }],
      ],
    },
  ],
  [
    'two columns that swap their names',
    {
      before: 'model T { id Int @id; a String; b String }',
      after: 'model T { id Int @id; a String; b String }',
      rows: `INSERT INTO "T" VALUES (1, 'a', 'b')`,
      flags: { rename: ['T.a=b', 'T.b=a'] },
      kept: ['SELECT a, b FROM "T"', [{ a: 'b', b: 'a' }]],
    },
  ],
  [
    'a name that one column takes over from another',
    {
      before: 'model T { id Int @id; a Int @unique; b String }',
      after: 'model T { id Int @id; b Int @unique; c String }',
      rows: `INSERT INTO "T" VALUES (1, 7, 'x')`,
      flags: { rename: ['T.a=b', 'T.b=c'] },
      phases: [''],
      kept: ['SELECT b, c FROM "T"', [{ b: 7, c: 'x' }]],
    },
  ],
  [
    'a name that one table takes over from another',
    {
      before: 'model A { id Int @id; x Int }\nmodel B { id Int @id; y String }',
      after: 'model B { id Int @id; x Int }\nmodel C { id Int @id; y String }',
      rows: `INSERT INTO "A" VALUES (1, 7); INSERT INTO "B" VALUES (2, 'b')`,
      flags: { rename: ['A=B', 'B=C'] },
      kept: ['SELECT x, y FROM "B", "C"', [{ x: 7, y: 'b' }]],
    },
  ],
  [
    'a model with another name, and a relation between two lists, whose columns A and B change places',
    {
      before: 'model Post { id Int @id; tags Tag[] }\nmodel Tag { id Int @id; posts Post[] }',
      after: 'model Post { id Int @id; tags Label[] }\nmodel Label { id Int @id; posts Post[] }',
      // Each number is there on both sides: no foreign key would notice.
      rows: 'INSERT INTO "Post" VALUES (1), (2); INSERT INTO "Tag" VALUES (1), (2); INSERT INTO "_PostToTag" VALUES (1, 2)',
      flags: { rename: ['Tag=Label', '_PostToTag=_LabelToPost'] },
      kept: ['SELECT "A" AS label, "B" AS post FROM "_LabelToPost"', [{ label: 2, post: 1 }]],
    },
  ],
  [
    'a model with another name, and a relation whose columns stay in their places',
    {
      before: 'model Post { id Int @id; tags Tag[] }\nmodel Tag { id Int @id; posts Post[] }',
      after: 'model Post { id Int @id; tags Topic[] }\nmodel Topic { id Int @id; posts Post[] }',
      rows: 'INSERT INTO "Post" VALUES (1); INSERT INTO "Tag" VALUES (2); INSERT INTO "_PostToTag" VALUES (1, 2)',
      flags: { rename: ['Tag=Topic', '_PostToTag=_PostToTopic'] },
      kept: ['SELECT "A" AS post, "B" AS topic FROM "_PostToTopic"', [{ post: 1, topic: 2 }]],
    },
  ],
  [
    'a table and a column of it, the column told first',
    {
      before: 'model A { id Int @id; x Int }',
      after: 'model B { id Int @id; y Int }',
      rows: 'INSERT INTO "A" VALUES (1, 7)',
      flags: { rename: ['B.x=y', 'A=B'] },
      kept: ['SELECT y FROM "B"', [{ y: 7 }]],
    },
  ],
  [
    'a relation between rows of one model: nothing changes places',
    {
      before: 'model U { id Int @id; a U[] @relation("f"); b U[] @relation("f") }',
      after: 'model U { id Int @id; c Int?; a U[] @relation("f"); b U[] @relation("f") }',
      rows: 'INSERT INTO "U" VALUES (1), (2); INSERT INTO "_f" VALUES (1, 2)',
      kept: ['SELECT "A", "B" FROM "_f"', [{ A: 1, B: 2 }]],
    },
  ],
  [
    'a relation that leads to another model: nothing changes places',
    {
      before: 'model A { id Int @id; p P[] @relation("f") }\nmodel P { id Int @id; a A[] @relation("f") }',
      after: 'model B { id Int @id; x Int; y Int; p P[] @relation("f") }\nmodel P { id Int @id; b B[] @relation("f") }',
      flags: { drop: ['A'] },
      kept: [`SELECT attnum FROM pg_attribute WHERE attrelid = '"_f"'::regclass AND attname = 'A'`, [{ attnum: 1 }]],
    },
  ],
  [
    'a model of one’s own whose columns A and B lead elsewhere: that was meant',
    {
      before:
        'model P { id Int @id; l L[] }\nmodel T { id Int @id; l L[] }\nmodel L { A Int; B Int; p P @relation(fields: [A], references: [id]); t T @relation(fields: [B], references: [id]); @@id([A, B]) }',
      after:
        'model P { id Int @id; l L[] }\nmodel T { id Int @id; l L[] }\nmodel L { A Int; B Int; p P @relation(fields: [B], references: [id]); t T @relation(fields: [A], references: [id]); @@id([A, B]) }',
      rows: 'INSERT INTO "P" VALUES (1), (2); INSERT INTO "T" VALUES (1), (2); INSERT INTO "L" VALUES (1, 2)',
      kept: ['SELECT "A", "B" FROM "L"', [{ A: 1, B: 2 }]],
    },
  ],
  [
    'an id that every row gets first',
    {
      before: 'model T { a Int @unique }',
      after: 'model T { id String @id @default(uuid()); a Int @unique }',
      rows: 'INSERT INTO "T" VALUES (1), (2)',
      flags: { backfill: ['T.id=gen_random_uuid()::text'] },
      phases: ['', 'backfill', 'require'],
    },
  ],
  [
    'an id in place of another: what goes is archived under the new one',
    {
      before: 'model T { id Int @id; a Int }',
      after: 'model T { uid String @id; a Int }',
      rows: 'INSERT INTO "T" VALUES (1, 5), (2, 6)',
      flags: { backfill: ["T.uid='u' || id"], drop: ['T.id'] },
      kept: [
        'SELECT uid, id FROM archive."T_id" ORDER BY id',
        [
          { uid: 'u1', id: 1 },
          { uid: 'u2', id: 2 },
        ],
      ],
    },
  ],
  [
    'one of two enums that are alike: which one is not known, so that a new one is made',
    {
      before: 'enum Role { A; B }\nenum Size { A; B }\nmodel T { id Int @id }',
      after: 'enum Kind { A; B }\nmodel T { id Int @id }',
      phases: ['', 'drop'],
      kept: [
        "SELECT typname AS name FROM pg_type WHERE typnamespace = 'archive'::regnamespace AND typtype = 'e' ORDER BY 1",
        [{ name: 'Role' }, { name: 'Size' }],
      ],
    },
  ],
  [
    'autoincrement() on an id that has numbers: it goes on after the highest',
    {
      before: 'model T { id Int @id; a Int }',
      after: 'model T { id Int @id @default(autoincrement()); a Int }',
      rows: 'INSERT INTO "T" VALUES (1, 1), (7, 2)',
      kept: ['INSERT INTO "T" (a) VALUES (3) RETURNING id', [{ id: 8 }]],
    },
  ],
  [
    'a BigInt id of a table that has another name than its sequence: the sequence counts as far as the id',
    {
      before: 'model User { id Int @id @default(autoincrement()) }',
      after: 'model User { id BigInt @id @default(autoincrement()); @@map("users") }',
      rows: 'INSERT INTO "User" DEFAULT VALUES',
      flags: { rename: ['User=users'] },
      kept: [
        "SELECT id, seqtypid::regtype::text AS type FROM users, pg_sequence WHERE seqrelid = pg_get_serial_sequence('users', 'id')::regclass",
        [{ id: '1', type: 'bigint' }],
      ],
    },
  ],
  [
    'a foreign key that goes beside a column that has the name of its target',
    {
      before:
        'model U { id Int @id; p P? }\nmodel P { id Int @unique; uid Int @unique; u U @relation(fields: [uid], references: [id]) }',
      after: 'model U { id Int @id }\nmodel P { uid Int @unique }',
      rows: 'INSERT INTO "U" VALUES (1); INSERT INTO "P" VALUES (1, 1)',
      flags: { drop: ['P.id'] },
    },
  ],
  [
    'an index that goes beside columns that are called like words of it',
    {
      before: 'model T { id Int @id; T Int; btree Int; b Int; @@index([b]) }',
      after: 'model T { id Int @id; b Int }',
      rows: 'INSERT INTO "T" VALUES (1, 1, 1, 1)',
      flags: { drop: ['T.T', 'T.btree'] },
    },
  ],
  [
    'columns and a table whose archives would have one name',
    {
      before:
        'model a_b { id Int @id; c Int }\nmodel a { id Int @id; b_c Int }\nmodel a_b_c { id Int @id @default(autoincrement()) }',
      after: 'model a_b { id Int @id }\nmodel a { id Int @id }',
      raw: 'CREATE SCHEMA archive; CREATE TABLE archive.a_b_c_id_seq (id int);',
      rows: 'INSERT INTO a_b VALUES (1, 1); INSERT INTO a VALUES (1, 2); INSERT INTO a_b_c VALUES (5)',
      flags: { drop: ['a_b.c', 'a.b_c', 'a_b_c'] },
      kept: [
        'SELECT one.b_c, two.c, three.id FROM archive.a_b_c AS one, archive.a_b_c_2 AS two, archive.a_b_c_3 AS three',
        [{ b_c: 2, c: 1, id: 5 }],
      ],
    },
  ],
  [
    'two columns of a table whose name is as long as names can be',
    {
      before: `model T { id Int @id; a String?; b String?; @@map("T${'ä'.repeat(31)}") }`,
      after: `model T { id Int @id; @@map("T${'ä'.repeat(31)}") }`,
      rows: `INSERT INTO "T${'ä'.repeat(31)}" VALUES (1, 'a', 'b')`,
      flags: { drop: [`T${'ä'.repeat(31)}.a`, `T${'ä'.repeat(31)}.b`] },
    },
  ],
  [
    'a field that is required now, and its relation',
    {
      before: `${user}\nmodel P { id Int @id; uId Int?; u U? @relation(fields: [uId], references: [id]) }`,
      after: `${user}\nmodel P { id Int @id; uId Int; u U @relation(fields: [uId], references: [id]) }`,
      rows: 'INSERT INTO "U" VALUES (1); INSERT INTO "P" VALUES (1, 1), (2, NULL)',
      flags: { backfill: ['P.uId=1'] },
      phases: ['', 'backfill', 'require'],
    },
  ],
  [
    'a model that goes, which another one referred to',
    {
      before: `${user}\nmodel P { id Int @id; uId Int; u U @relation(fields: [uId], references: [id]) }`,
      after: 'model P { id Int @id; uId Int }',
      rows: 'INSERT INTO "U" VALUES (1); INSERT INTO "P" VALUES (1, 1)',
      flags: { drop: ['U'] },
      kept: ['SELECT id FROM archive."U"', [{ id: 1 }]],
    },
  ],
]
