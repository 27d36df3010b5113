import type { Check } from './step.ts'
import { ownFiles } from './read-steps.ts'
import { migrationNames, type StepState } from './step-databases.ts'

/**
 * What has to be true at every step, whatever the step itself asks for: histories are as they were applied, migrations
 * keep what stands in the rows, nobody is there twice, PROD is what its migrations made and has every value; and what an
 * earlier step asked of each row is still so.
 */
export function baseChecks(state: StepState, states: readonly StepState[]): Check[] {
  const hasMigrations = migrationNames(state.files).length > 0
  const own = state.step.step.checks.map(({ kind }) => kind)
  const bringsMaker = ownFiles(state.step).has('seeds/recruits.ts')
  const earlier = states.slice(0, states.indexOf(state)).flatMap(({ step }) => step.step.checks)
  const all: Check[] = [
    { kind: 'sound', on: 'dev' },
    { kind: 'sound', on: 'prod' },
    ...(hasMigrations && !own.includes('trial') ? [{ kind: 'trial' } as const] : []),
    ...(bringsMaker ? [{ kind: 'maker' } as const] : []),
    ...(state.prod.length > 0 ? [{ kind: 'whole' } as const] : []),
    ...(state.dev.length > 0 ? [{ kind: 'once', on: 'dev' } as const] : []),
    ...(state.prod.length > 0 ? [{ kind: 'once', on: 'prod' } as const, { kind: 'values', on: 'prod' } as const] : []),
    ...earlier.filter(({ kind }) => kind === 'each'),
  ]
  return all.map((check) => ({ ...check, always: true }))
}
