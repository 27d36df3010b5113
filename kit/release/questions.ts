import { Problem } from '../terminal/problem.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { nextQuestion, type Answers, type LiveDatabase, type Question } from './next-question.ts'
import { dottedPart } from '../catalog/dotted-name.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { whyNoExpression } from '../sql/one-expression.ts'
import { loadParser } from '../sql/tree.ts'
import { counted } from '../terminal/numbers.ts'
import { isYes, type Ask } from '../terminal/ask.ts'
import { notReleased } from '../git/release-branch.ts'

/**
 * Asks all that two pictures cannot tell. Where nobody can be asked, or the answer is no, throws a Problem with the words
 * to type; `command` is what was typed.
 */
export async function askAll(
  model: Catalog,
  live: LiveDatabase,
  given: Answers,
  ask: Ask | undefined,
  command: string,
): Promise<Answers> {
  await loadParser()
  for (const [name, value] of given.backfills) assertExpression(name, value)
  let answers = given
  const open: Question[] = []
  for (let question; (question = nextQuestion(model, live, answers));) {
    if (!ask) open.push(question)
    answers = ask ? await answered(question, answers, ask) : assumed(question, answers)
  }
  if (open.length > 0) {
    throw new Problem('Nothing was released: there are questions, and nobody to ask.', {
      why: open.map((question) => wordsOf(question).join(' ')).join('\n'),
      next: [command, ...open.map(flagOf)].join(' '),
    })
  }
  return answers
}

async function answered(question: Question, answers: Answers, ask: Ask): Promise<Answers> {
  const put = (words: string) => ask([...wordsOf(question), words].map((line) => `  ${line}`).join('\n'))
  if (question.about === 'rename') {
    const { from, to } = question
    return isYes(await put('Is it the same one, under a new name? [y/N]'))
      ? { ...answers, renames: [...answers.renames, { from, to }] }
      : { ...answers, notRenames: [...answers.notRenames, { from, to }] }
  }
  const { name } = question
  if (question.about === 'drop') {
    const archive = question.values > 0 ? 'Archive them, and drop' : 'Drop'
    if (isYes(await put(`${archive} the ${question.what}? [y/N]`)))
      return { ...answers, drops: [...answers.drops, name] }
    throw notReleased(`You said no: ${name} stays, and schema.prisma does not have it.`, [
      'Put it back into prisma/schema.prisma.',
      `Or, when it has a new name, type the same command with  --rename ${name}=NEW_NAME`,
    ])
  }
  if (question.about === 'view') {
    if (isYes(await put('Make the view anew, without that column? [y/N]')))
      return { ...answers, drops: [...answers.drops, name] }
    throw notReleased(`You said no: the view ${question.view} stays, and it shows ${question.column}.`, [
      'Put it back into prisma/schema.prisma.',
      'npm run migrate -- dev --create-only --name change_the_view    (write there what it shows from now on, and deploy that first)',
    ])
  }
  const value = await put(
    "An SQL expression for them, with the columns’ new names, as in  'unknown'  or  lower(NAME_OF_A_COLUMN)  :",
  )
  if (value === '') {
    throw notReleased(`${name} is required, and ${counted(question.rows, 'row')} of PROD would have no value.`, [
      `Type the same command with  --backfill "${name}='…'"    (an SQL expression)`,
      'Or make the field optional in prisma/schema.prisma.',
    ])
  }
  assertExpression(name, value)
  return { ...answers, backfills: new Map([...answers.backfills, [name, value]]) }
}

/** What is most likely meant, so that the next questions can be found. */
function assumed(question: Question, answers: Answers): Answers {
  if (question.about === 'rename') return { ...answers, renames: [...answers.renames, question] }
  if (question.about !== 'backfill') return { ...answers, drops: [...answers.drops, question.name] }
  return { ...answers, backfills: new Map([...answers.backfills, [question.name, 'NULL']]) }
}

/** Two sentences. */
function wordsOf(question: Question): [fact: string, because: string] {
  if (question.about === 'rename') {
    const { from, to, evidence } = question
    const because = evidence.join('; ')
    return [
      `PROD has ${from}, and schema.prisma has ${to} in its place.`,
      `${because[0]!.toUpperCase()}${because.slice(1)}.`,
    ]
  }
  if (question.about === 'drop') {
    const { name, values, what } = question
    return [
      `The ${what} ${name} of PROD is not in schema.prisma.`,
      `It holds ${values === 0 ? 'no values' : counted(values, 'value')}.`,
    ]
  }
  if (question.about === 'view') {
    const { view, name, column } = question
    return [
      `The view ${view} of PROD shows ${column}, which goes.`,
      `Whoever asks for ${name} gets an error from then on.`,
    ]
  }
  const { name, rows, type } = question
  return [
    `${name} is to be ${type}.`,
    `${counted(rows, 'row')} of PROD ${rows === 1 ? 'has' : 'have'} no value for it.`,
  ]
}

function flagOf(question: Question): string {
  if (question.about === 'rename') return `--rename ${shellWord(`${question.from}=${dottedPart(question.to)}`)}`
  if (question.about !== 'backfill') return `--drop ${shellWord(question.name)}`
  return `--backfill "${question.name.replaceAll(/["\\$`]/g, '\\$&')}='…'"`
}

function assertExpression(name: string, value: string): void {
  const problem = whyNoExpression(value)
  if (problem) {
    throw notReleased(`The value for ${name} is no SQL expression: ${problem}.`, [
      `--backfill "${name}='a text'"    (a text stands in single quotes)`,
    ])
  }
}
