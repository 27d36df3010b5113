/** `1,234,567`. The language's own way to write it loads all languages first, which takes longer than a command may. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 recruit`, `1,000 recruits`. */
export function counted(n: number, thing: string): string {
  return `${grouped(n)} ${thing}${n === 1 ? '' : 's'}`
}
