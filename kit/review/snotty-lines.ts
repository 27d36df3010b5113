// What a branch is told that carries migrations where the team has agreed that none do. Rude to the branch, never to its
// author.

const openings = [
  'Oh look, a migration. In a feature branch. How brave.',
  'This branch packed its own migrations. It was told that there is food at the party.',
  'Somewhere a DBA just felt a chill and does not know why.',
  'Nobody ordered this migration. The kitchen does not take returns either.',
  'A migration in a branch is like a tattoo of a first name: early.',
  'Two branches with migrations meet in a bar. Only one leaves with its data.',
  'Your branch has opinions about the production database. It was not asked.',
  'We have a rule. It has one sentence. Your branch has read the other half.',
  'I checked the calendar: it is not release day. It is not even close.',
  'Bold of this branch to think that main wants its homework.',
  'Congratulations! You have found the one folder that you may not commit.',
  'This migration worked on your machine. Let us deploy your machine, then.',
  'The last branch that did this is still in therapy, and so is its schema.',
  'If migrations could travel alone, we would not need you. They cannot. Take them home.',
]

const closings = [
  'Take it out, and we shall never speak of it again.',
  'The door is that way. Leave the schema.prisma here.',
  'Your models are lovely. Your timing is not.',
  'Main sends its regards, and its regrets.',
  'Put it back where you found it, and wash your hands.',
  'No hard feelings. Also: no migrations.',
  'It will be made anew at release, by somebody who can see the real database.',
  'Keep it at home as a pet; just do not walk it here.',
  'We will pretend that this was a test of the review. It passed. You did not.',
  'Dev databases are for playing. Please play there.',
  'The release will do it properly. It even says please.',
  'Git forgets nothing, but a clean branch helps.',
]

/** Something else each time. `random` gives numbers from 0 up to, and not including, 1. */
export function snottyRemark(random: () => number): string {
  const one = (lines: readonly string[]) => lines[Math.floor(random() * lines.length)]!
  return `${one(openings)} ${one(closings)}`
}
