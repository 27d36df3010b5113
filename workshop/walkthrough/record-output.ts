import type { Lines } from './document-fence.ts'
import { commonLines, matchesOutput } from './match-output.ts'
import { trimBlank } from './stable-form.ts'

/** What a run has shown for one output block. */
export interface Recorded {
  output: Lines
  got: readonly string[]
}

/**
 * The document with its output blocks as they were seen. A block that matches and holds a `…` stays; in any other, a line
 * that is the same in its stable form stays as it is written, so that a new run alone changes nothing.
 */
export function recordOutputs(text: string, recorded: readonly Recorded[]): string {
  const lines = text.split('\n')
  for (const { output, got } of recorded.toSorted((a, b) => b.output.line - a.output.line)) {
    lines.splice(output.line - 1, output.lines.length, ...recordOne(output.lines, got))
  }
  return lines.join('\n')
}

function recordOne(written: readonly string[], got: readonly string[]): readonly string[] {
  if (written.length > 0 && matchesOutput(written, got)) return written
  const lines = trimBlank(got)
  for (const [i, j] of commonLines(written, lines)) {
    // A wildcard was true of this line, too, but its neighbours show that it is time to look again.
    if (!written[i]!.includes('…')) lines[j] = written[i]!
  }
  return lines
}
