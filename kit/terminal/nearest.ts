/** The word that most likely was meant: at most two letters are other, missing or too many. Undefined where none is. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [first] = words.map((one) => ({ one, far: distance(word, one) })).toSorted((a, b) => a.far - b.far)
  return first && first.far <= Math.min(2, first.one.length - 1) ? first.one : undefined
}

/** Levenshtein's: how many letters have to be changed, added or taken away. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (b[j] === letter ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
