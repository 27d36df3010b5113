import type { Ran } from './program.ts'

/** Seconds that the work takes. */
export async function measured(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work()
  return (performance.now() - since) / 1000
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** Throws with what the command wrote, unless it ends with 0. */
export async function must(running: Promise<Ran>): Promise<void> {
  const { code, output } = await running
  if (code !== 0) throw new Error(output)
}
