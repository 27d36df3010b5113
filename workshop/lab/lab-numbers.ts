import { Problem } from '../../kit/terminal/problem.ts'

const limits = {
  scale: { least: 0.0002, most: 1_000, is: '1 makes a million recruits, and five million rows around them' },
  rate: { least: 1, most: 100_000, is: 'operations a second' },
  connections: { least: 1, most: 90, is: 'connections of the application' },
} as const

/** A number that was typed after a flag. Throws a Problem for anything else. */
export function readNumber(flag: keyof typeof limits, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const { least, most, is } = limits[flag]
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new Problem(`--${flag} takes a number, and "${text}" is none that it can take: nothing was begun.`, {
    why: `It goes from ${least} to ${most}: ${is}.`,
    next: `npm run lab naive -- --${flag} ${usual}`,
  })
}
