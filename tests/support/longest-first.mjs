import TestSequencer from '@jest/test-sequencer'

/** Files that take longest, so that no worker begins one when the other has ended. Jest by itself begins with the largest. */
const longest = [
  'walkthrough',
  'walkthrough-bonus',
  'histories',
  'walkthrough-mutations',
  'faults',
  'steps-whole',
  'tags-worktrees',
  'exports',
  'goto',
  'release-large',
  'interrupts',
  'seeds',
  'walkthrough-run',
  'goto-problems',
  'places',
  'board-page',
  'mishaps',
  'bootstrap',
  'obedient',
  'lab',
  'board-situations',
]

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = longest.indexOf(/([^\\/]+)\.test\.ts$/.exec(path)?.[1] ?? '')
      return at === -1 ? longest.length : at
    }
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b))
  }
}
