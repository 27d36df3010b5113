import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ask } from '../../kit/terminal/ask.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { askedIn } from '../coach/asked.ts'
import { renderQuestion, type Shown } from '../coach/predict-lines.ts'
import { note } from '../coach/progress.ts'
import { labWords } from './experiments.ts'
import { labQuestions, type LabWord } from './lab-questions.ts'
import type { WayRun } from './run-way.ts'

/** A guess that somebody took before a run. */
export interface LabGuess {
  word: LabWord
  question: Shown['question']
  letter: string
  /** Of the choice. */
  words: string
}

/** The question of each word, in the order in which docs/lab.md asks them. */
export function readLabQuestions(): Record<LabWord, Shown['question']> {
  const asked = askedIn(readFileSync(join(projectRoot, 'docs', 'lab.md'), 'utf8'))
  const words = Object.keys(labWords) as LabWord[]
  const all = words.map((word, i) => [word, { id: `lab-${word}`, ...asked[i]! }])
  return Object.fromEntries(all) as Record<LabWord, Shown['question']>
}

/** Asks what will happen, and notes the guess in progress.txt. Undefined for whoever takes none: Enter is enough. */
export async function askFirst(
  word: LabWord,
  { ask, say, columns, root }: { ask: Ask; say: (line: string) => void; columns: number | undefined; root: string },
): Promise<LabGuess | undefined> {
  const question = readLabQuestions()[word]
  for (const line of ['', ...renderQuestion({ question }, Math.min(columns || 80, 100))]) say(line)
  const letters = question.choices.map(({ letter }) => letter).join(', ')
  for (;;) {
    const typed = await ask(`Your guess, ${letters} (Enter: none)?`)
    if (typed === '') return undefined
    const choice = question.choices.find(({ letter }) => letter === typed.toLowerCase())
    if (!choice) {
      say(`There is no choice "${typed}".`)
      continue
    }
    note(root, { kind: 'predict', what: question.id, words: choice.letter })
    return { word, question, ...choice }
  }
}

/** What was guessed, and what it was, as measured; notes that too. */
export function heldAgainst(
  { word, question, letter }: LabGuess,
  run: WayRun,
  { columns, root }: { columns: number | undefined; root: string },
): string[] {
  const { outcome, measured, because } = labQuestions[word]
  const was = outcome(run)
  note(root, { kind: 'outcome', what: question.id, words: was })
  const words = question.choices.find((choice) => choice.letter === was)?.words ?? ''
  const [mark, so] = was === letter ? ['✓', 'so it was'] : ['≠', `it was ${was}`]
  // A busy computer makes users wait too, and that is not the change's doing.
  const busy = run.late > 100 ? ' This computer was busy, and a part of that is its own.' : ''
  const lines = [`${mark} You guessed ${letter}, and ${so}. ${words}`, `· ${measured(run)}.${busy} ${because}`]
  return lines.map((line) => wrap(line, columns))
}
