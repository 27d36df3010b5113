import type { Stage } from './deploy-lines.ts'

/** Keeps each stage that is done, and shows it. */
export function keepStages(show: (stage: Stage) => void): { stages: Stage[]; done(stage: Stage): Stage } {
  const stages: Stage[] = []
  return {
    stages,
    done(stage) {
      stages.push(stage)
      show(stage)
      return stage
    },
  }
}
