/**
 * What to do about a text that PostgreSQL does not read, where it was written for another reader: psql, or an editor that
 * marks its files. A line each; nothing where it is simply wrong.
 */
export function mendText(script: string): string[] {
  const mark = script.startsWith('\uFEFF')
    ? ['The file begins with a byte order mark (U+FEFF), which no editor shows. Save it as UTF-8 without BOM.']
    : []
  const lines = script.split(/\r?\n/)
  const copy = lines.findIndex((one) => /^\s*copy\b.*\bfrom\s+stdin\b/i.test(one))
  const rows =
    copy === -1
      ? []
      : [
          `The rows behind COPY … FROM stdin, line ${copy + 1}, are psql’s form: write them as INSERT INTO … VALUES (…), or seed them.`,
        ]
  const at = lines.findIndex((one) => /^\s*\\[a-z!?]/i.test(one))
  const command = lines[at]?.trim().split(/\s/)[0]
  const meta = command
    ? [
        `${command}, line ${at + 1}, is a command of psql, and no SQL: take it out. Prisma is connected to the right database already.`,
      ]
    : []
  return [...mark, ...rows, ...meta]
}
