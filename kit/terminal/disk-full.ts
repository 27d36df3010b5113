import { Problem } from './problem.ts'

export function diskFull(where: string): Problem {
  return new Problem('The disk is full.', {
    why: `PostgreSQL could not write below ${where}: no space left on device.`,
    next: 'Free some space (300 MB are enough), then type the same command again. What was committed is safe.',
  })
}

export function isDiskFull(text: string): boolean {
  return /No space left on device|ENOSPC|disk full/i.test(text)
}
