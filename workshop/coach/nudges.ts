import type { Check } from '../course/step.ts'

/** The first two hints about a check that fails; the third is what to type, which the check itself knows. */
export interface Nudge {
  /** Of what was found; without it, of everything. The first that fits is taken. */
  found?: RegExp
  /** Where to look, and no more. */
  look: string
  /** What kind of thing it is. `{found}`, `{where}`, `{what}` and `{names}` are those of this check. */
  thing: string
}

/** Each kind of check, and what leads there. `{names}` are the migrations, tables or columns that it found, as they are called here. */
export const nudges: Record<Check['kind'], readonly Nudge[]> = {
  schema: [
    {
      look: 'Read prisma/schema.prisma field by field. What does the section ask for that the model does not say?',
      thing: 'It is the model, and no database: {found}.',
    },
  ],
  migrations: [
    {
      look: 'The model tells one story, and prisma/migrations another one. Which of them is behind?',
      thing: 'All files of prisma/migrations, run from empty, do not make what the step asks for: {found}.',
    },
  ],
  live: [
    {
      look: 'Look at the table in {where} itself. Is it behind its migrations, or was it changed by hand?',
      thing: 'It is what stands in {where}: {found}.',
    },
  ],
  history: [
    {
      found: /^failed/,
      look: 'A migration was begun on {where}, and not ended. What of it is there already?',
      thing: 'It is {names}. First finish it or undo it by hand; then say to Prisma which of the two is true.',
    },
    {
      found: /not in the folder/,
      look: '{where} knows more than your folder. Where did that file go?',
      thing: '{names} was applied, and its file is gone: to another branch, to another name, or for good.',
    },
    {
      found: /edited/,
      look: 'A file that has run was changed since. Prisma keeps a checksum of each.',
      thing: 'It is {names}. The text that was applied is still somewhere, in git or beside a copy.',
    },
    {
      look: 'A file waits, and {where} has not run it.',
      thing: 'It is {names}: a deploy runs what is pending, in the order of the names.',
    },
  ],
  recruits: [
    {
      found: /^no column|there is no table/,
      look: 'Before somebody can have a value, there has to be a place for it. Is it there in {where}?',
      thing: 'In {where} there is {found}: a migration brings it.',
    },
    {
      found: /have no/,
      look: 'Everybody is there in {where}. Is everything of them there, too?',
      thing: 'Rows without a value: {found}. It is a backfill.',
    },
    {
      look: 'Who should be in {where} by now, and which script puts them there?',
      thing: 'It is a seed, one script a cohort. The step wants {what}; in {where} there are {found}.',
    },
  ],
  kept: [
    {
      look: 'A value may leave its table. May it leave the database?',
      thing: 'The values have to move before their column goes: {found}.',
    },
  ],
  trial: [
    {
      look: 'Your migrations run. What would they do to rows that are there already?',
      thing: 'Tried on rows, something is wrong: {found}.',
    },
  ],
  maker: [{ look: 'The model has changed. Who else invents recruits?', thing: 'It is seeds/recruits.ts: {found}.' }],
  sound: [
    {
      look: 'Compare {where} with what its own migrations would make.',
      thing: '{where} is not what was applied there: {found}.',
    },
  ],
  whole: [
    {
      look: 'If a migration fails in its middle, what of it stays?',
      thing: 'It is a file of several statements and no transaction: {found}.',
    },
  ],
  each: [
    {
      look: 'Look at the rows of {where} that the check names, and at the value that they should have.',
      thing: 'The tables are right, and some values are not: {found}.',
    },
  ],
  once: [{ look: 'Count the people in {where}, and then their names.', thing: 'Somebody is there twice: {found}.' }],
  values: [
    {
      look: 'Prod has all its recruits. Does each of them have every value?',
      thing: 'Values are not where they belong: {found}.',
    },
  ],
  file: [
    {
      look: 'A file of this step is still to be written, or not whole.',
      thing: 'The step wants this: {what}. {found}.',
    },
  ],
}

/** What a check found, in the words of one of its nudges. */
export function inWords(text: string, check: { where: string; what: string; found: string }): string {
  const names = namesIn(check.found)
  return text
    .replaceAll('{names}', names.length > 0 ? names.join(', ') : check.found)
    .replaceAll('{where}', check.where)
    .replaceAll('{what}', check.what)
    .replaceAll('{found}', check.found)
    .replaceAll(/([.!?])\.$/g, '$1')
}

/** Migrations first; else columns and tables. */
export function namesIn(found: string): string[] {
  const migrations = found.match(/\b\d{14}\w*/g) ?? []
  return migrations.length > 0
    ? migrations
    : [...found.matchAll(/\b(?:column|table) ([\w.]+)/g)].map(([, name]) => name!)
}
