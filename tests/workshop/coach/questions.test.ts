import { expect, test } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { readSteps } from '../../../workshop/course/read-steps.ts'
import { askedIn } from '../../../workshop/coach/asked.ts'
import { questionsOf, readQuestions } from '../../../workshop/coach/read-questions.ts'
import { documentPath, readSections } from '../../../workshop/walkthrough/run-walkthrough.ts'

const steps = readSteps()
const sections = readSections(documentPath, steps)
const questions = readQuestions(steps)

test('what the walkthrough asks and what the steps know agree: so many questions, with the same letters', () => {
  for (const step of steps) {
    const asked = askedIn(sections.find(({ number }) => number === step.number)!.text)
    const letters = asked.map(({ choices }) => choices.map(({ letter }) => letter).join(''))
    const known = questionsOf(step).map(({ choices }) => Object.keys(choices).join(''))
    expect([step.tag, known]).toEqual([step.tag, letters])
    // Every paragraph that asks has choices below it.
    const { text } = sections.find(({ number }) => number === step.number)!
    expect([step.tag, asked.length]).toEqual([step.tag, text.match(/^\*\*Predict\.\*\*/gm)?.length])
  }
})

test('each step asks, and each question has a name of its own and three or four choices', () => {
  expect([...new Set(questions.map(({ step }) => step))]).toEqual(steps.map(({ number }) => number))
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
  expect(questions.filter(({ choices }) => choices.length < 3 || choices.length > 4)).toEqual([])
})

test('of each question one choice is right on the course’s way, can be seen, and every other says why people think so', () => {
  for (const { id, choices, when } of questions) {
    const right = choices.filter(({ why }) => why === undefined)
    expect([id, right.length, right[0]?.seen?.length]).toEqual([id, 1, expect.any(Number)])
    expect([id, when.length > 0]).toEqual([id, true])
    expect(choices.filter(({ why = '' }) => why.split(/[.] /).length > 2)).toEqual([])
  }
})

test('no letter is right so often that it may be guessed', () => {
  const right = questions.map(({ choices }) => choices.find(({ why }) => why === undefined)!.letter)
  const often = ['a', 'b', 'c'].map((letter) => right.filter((one) => one === letter).length / right.length)
  expect(Math.max(...often)).toBeLessThan(0.5)
})

test('all fifteen places at which the exercise asks what happened are among them', () => {
  const places: [instruction: string, id: string][] = [
    ['1.2', '08-query'],
    ['1.3', '08-migrate'],
    ['1.3, run', '08-run'],
    ['1.5', '09-dev'],
    ['1.8', '09-prod'],
    ['1.9', '10-seed'],
    ['2.2', '11-query'],
    ['2.3', '11-migrate'],
    ['2.5', '12-script'],
    ['2.8', '13-deploy'],
    ['2.9', '13-seed'],
    ['3.2', '14-query'],
    ['3.3', '14-migrate'],
    ['3.5', '15-migrate'],
    ['3.8', '16-deploy'],
    ['3.9', '16-seed'],
  ]
  const ids = questions.map(({ id }) => id)
  expect(places.filter(([, id]) => !ids.includes(id))).toEqual([])
})

test('data alone stands beside a step: no words of a choice, which the walkthrough has', () => {
  for (const step of steps) {
    expect(readdirSync(step.folder)).toContain('questions.ts')
    const known = JSON.stringify(questionsOf(step))
    const words = questions.filter(({ step: number }) => number === step.number).flatMap(({ choices }) => choices)
    expect(words.filter(({ words: one }) => known.includes(one))).toEqual([])
  }
})
