/** How the document calls a migration whose time only this run knows. */
const found = /…(_\w+)/g

/**
 * Puts the one migration that ends so in the place of each `…_its_name`, and the time in the place of `<now>_`. The
 * document's own wildcards stay.
 */
export function nameMigrations(text: string, migrations: readonly string[], now: Date): string {
  return text
    .replace('<now>_', () => `${timeAfter(migrations, now)}_`)
    .replaceAll(found, (written, end: string) => {
      const [name, another] = migrations.filter((one) => one.endsWith(end))
      return name !== undefined && another === undefined ? name : written
    })
}

/** A diff that can be applied: the paths in its heads have the names that the migrations have in this run. */
export function namePatch(lines: readonly string[], migrations: readonly string[], now: Date): string {
  const named = lines.map((line) => (/^(---|\+\+\+) /.test(line) ? nameMigrations(line, migrations, now) : line))
  return `${named.join('\n')}\n`
}

/** The time as a migration's name has it, behind all that are there. */
function timeAfter(migrations: readonly string[], now: Date): string {
  const last = migrations
    .map((name) => name.slice(0, 14))
    .filter((time) => /^\d{14}$/.test(time))
    .sort()
    .at(-1)
  const time = digits(now)
  if (last === undefined || last < time) return time
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(last)!.map(Number)
  return digits(new Date(Date.UTC(year!, month! - 1, day!, hour!, minute!, second! + 1)))
}

function digits(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/\D/g, '')
}
