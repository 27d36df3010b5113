import { readSection } from '../walkthrough/section-text.ts'
import { twoDigits } from '../walkthrough/run-walkthrough.ts'
import { renderMarkdown } from '../../kit/terminal/markdown.ts'

/** `npm run read [05]`: the walkthrough's section of a step; without a word, of the step you are at. */
export async function read(words: readonly string[]): Promise<number> {
  const section = await readSection(words.length === 0 ? undefined : words.join('-'))
  // Long lines are hard to read, also in a wide window.
  const width = Math.min(process.stdout.columns || 80, 100)
  for (const line of renderMarkdown(section.text, width)) console.log(line)
  console.log(`next  npm run check ${twoDigits(section.number)}`)
  return 0
}
