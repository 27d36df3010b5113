/** A word of a command to type, in double quotes where a shell would take it for more than one. */
export function shellWord(word: string): string {
  return /^[\w./=-]+$/.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, '\\$&')}"`
}
