/** How the rows of one table are made, inside PostgreSQL: from the row's number `n` and the words `w`. */
export interface TableRows {
  table: string
  rows: number
  /** SQL for each column's value in row `n`. */
  values: Readonly<Record<string, string>>
  /** SQL for columns that are made from those: `x` is the row that `values` makes. */
  added?: Readonly<Record<string, string>>
}

/** Names that `w` holds, as arrays of so many texts. */
export const words = { first: 100, last: 100, company: 50, city: 20 } as const

/** At scale 1 there are so many recruits, and five times as many rows around them. */
export const recruitsAtOne = 1_000_000

export function recruitsAt(scale: number): number {
  return Math.max(200, Math.round(recruitsAtOne * scale))
}

/** What stood in `chat_name` of recruit `id` before anybody changed it: a lost value is found by it. */
export const madeChatName = (id: string) => `'chat.' || ${id}`
export const madePoints = (id: string) => `${id} % 997`

/**
 * All tables of the portal, each with its rows. Parents need not come first: foreign keys are made afterwards. The recruits
 * get the numbers after `before`.
 */
export function portalRows(scale: number, before = 0): TableRows[] {
  const recruits = recruitsAt(scale)
  const recruit = (number: string) => (before === 0 ? number : `${before} + ${number}`)
  const share = (part: number) => Math.max(1, Math.round(recruits * part))
  const cohorts = Math.ceil(recruits / 200)
  const [coaches, boards, devices] = [Math.ceil(recruits / 500), cohorts, Math.ceil(recruits / 50)]
  const [enrolments, submissions, reviews, cards] = [share(0.8), share(0.6), share(0.6), share(0.5)]
  const cohortOf = (number: string) => `1 + (${number} - 1) / 200`
  const some = (count: number, step = 1) => `1 + (n::bigint * ${step} % ${count})::int`
  const day = (step: string) => `timestamptz '2025-01-06 08:00Z' + ${step}`
  return [
    tableOf('attendances', share(1.15), {
      lesson_id: `2 * ((n - 1) % ${recruits} / 200) + 1 + (n - 1) / ${recruits}`,
      recruit_id: recruit(`1 + (n - 1) % ${recruits}`),
      minutes: 'n % 180',
    }),
    tableOf('recruits', recruits, {
      id: recruit('n'),
      first_name: 'w.first[1 + n % 100]',
      surname: 'w.last[1 + n / 100 % 100]',
      email: `lower(w.first[1 + n % 100]) || '.' || n || '@example.com'`,
      chat_name: madeChatName('n'),
      points: madePoints('n'),
      status: `(ARRAY['applied', 'active', 'paused', 'graduated']::"RecruitStatus"[])[1 + n % 4]`,
      cohort_id: cohortOf('n'),
      coach_id: `nullif(${some(coaches)}, 1)`,
      buddy_id: `nullif(${recruit('n - 1')}, ${before})`,
      created_at: day(`n * interval '20 seconds'`),
    }),
    tableOf('enrolments', enrolments, {
      id: 'n',
      recruit_id: recruit('n'),
      project_id: some(40),
      started_at: day(`n * interval '20 seconds'`),
    }),
    tableOf('submissions', submissions, {
      id: 'n',
      enrolment_id: 'n',
      url: `'https://git.example.com/submissions/' || n`,
      sent_at: day(`n * interval '30 seconds'`),
    }),
    tableOf('reviews', reviews, {
      id: 'n',
      submission_id: some(submissions, 3),
      reviewer_id: recruit(some(recruits, 7)),
      verdict: `(ARRAY['competent', 'not_yet', 'excellent']::"Verdict"[])[1 + n % 3]`,
      created_at: day(`n * interval '30 seconds'`),
    }),
    tableOf('cards', cards, {
      id: 'n',
      board_id: some(boards),
      assignee_id: recruit('n'),
      title: `'Card ' || n`,
      status: `(ARRAY['backlog', 'ready', 'in_progress', 'review', 'done']::"CardStatus"[])[1 + n % 5]`,
    }),
    tableOf('quiz_attempts', share(0.5), {
      id: 'n',
      quiz_id: some(30),
      recruit_id: recruit(some(recruits, 3)),
      score: 'n % 101',
      taken_at: day(`n * interval '40 seconds'`),
    }),
    tableOf('card_moves', share(0.4), {
      id: 'n',
      card_id: some(cards, 3),
      to: `'done'`,
      moved_at: day(`n * interval '40 seconds'`),
    }),
    tableOf('review_comments', share(0.1), {
      id: 'n',
      review_id: some(reviews, 5),
      recruit_id: recruit(some(recruits, 11)),
      body: `'Line ' || n % 300 || ' needs a test.'`,
    }),
    tableOf('recruit_profiles', share(0.1), {
      recruit_id: recruit('n'),
      about: `'I live in ' || w.city[1 + n % 20] || '.'`,
      homepage: 'NULL',
    }),
    tableOf('offers', share(0.1), {
      id: 'n',
      company_id: some(50),
      recruit_id: recruit(some(recruits, 13)),
      salary: '15000 + n % 20000',
      status: `(ARRAY['sent', 'accepted', 'declined']::"OfferStatus"[])[1 + n % 3]`,
    }),
    tableOf('emergency_contacts', share(0.05), {
      id: 'n',
      recruit_id: recruit('n'),
      name: `w.first[1 + n % 100] || ' ' || w.last[1 + n % 100]`,
      phone: `'+27 00 000 ' || lpad((n % 10000)::text, 4, '0')`,
    }),
    tableOf('interviews', share(0.05), {
      id: 'n',
      company_id: some(50),
      recruit_id: recruit(some(recruits, 17)),
      held_at: day(`n * interval '3 minutes'`),
    }),
    tableOf('device_loans', share(0.05), {
      id: 'n',
      device_id: some(devices),
      recruit_id: recruit('n'),
      back_on: 'NULL',
    }),
    tableOf('devices', devices, { id: 'n', serial: `'SN-' || n`, campus_id: some(20) }),
    tableOf('lessons', 2 * cohorts, {
      id: 'n',
      cohort_id: '1 + (n - 1) / 2',
      coach_id: some(coaches),
      held_on: `date '2025-01-06' + n % 300`,
    }),
    tableOf('boards', boards, { id: 'n', cohort_id: 'n', name: `'Board of cohort ' || n` }),
    tableOf('cohorts', cohorts, {
      id: 'n',
      name: `'C' || n`,
      starts_on: `date '2025-01-06' + n % 300`,
      campus_id: some(20),
      track_id: some(4),
    }),
    tableOf('coaches', coaches, {
      id: 'n',
      first_name: 'w.first[1 + n % 100]',
      surname: 'w.last[1 + n * 7 % 100]',
      email: `'coach.' || n || '@example.com'`,
      lead_id: 'nullif(1 + n / 10, n)',
    }),
    tableOf('campuses', 20, { id: 'n', name: `w.city[n] || ' campus ' || n`, city: 'w.city[n]' }),
    tableOf('tracks', 4, { id: 'n', name: `(ARRAY['Data Eng', 'Web Dev', 'Data Sci', 'Copilot'])[n]` }),
    tableOf('projects', 40, { id: 'n', title: `'Project ' || n`, track_id: some(4) }),
    tableOf('skills', 30, { id: 'n', name: `'Skill ' || n` }),
    tableOf('_ProjectToSkill', 120, { A: '1 + (n - 1) % 40', B: '1 + ((n - 1) / 40 * 7 + n) % 30' }),
    tableOf('quizzes', 30, { id: 'n', track_id: some(4), title: `'Quiz ' || n` }),
    tableOf('companies', 50, { id: 'n', name: 'w.company[n]' }),
  ]
}

/** The statement that adds the rows from `$1` to `$2`; `$3` to `$6` are the words. */
export function insertOf({ table, values, added = {} }: TableRows): string {
  const arrays = Object.keys(words).map((name, i) => `$${i + 3}::text[] AS ${name}`)
  const from = `generate_series($1::int, $2::int) AS n, (SELECT ${arrays.join(', ')}) AS w`
  const rows = `SELECT ${named(values).join(', ')} FROM ${from}`
  const all = Object.keys({ ...values, ...added }).map(quoted)
  const into = `INSERT INTO ${quoted(table)} (${all.join(', ')})`
  if (Object.keys(added).length === 0) return `${into} ${rows}`
  return `${into} SELECT ${['x.*', ...named(added)].join(', ')} FROM (${rows}) AS x`
}

/** Sets each table's next number behind its rows: those were given theirs. */
export const nextNumbers = `DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT table_name AS t FROM information_schema.columns
             WHERE table_schema = 'public' AND column_default LIKE 'nextval(%' AND column_name = 'id' LOOP
    EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), max(id)) FROM %I', quote_ident(one.t), one.t);
  END LOOP;
END $$`

function named(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([column, value]) => `${value} AS ${quoted(column)}`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function tableOf(table: string, rows: number, values: Record<string, string>): TableRows {
  return { table, rows, values }
}
