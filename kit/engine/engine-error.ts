/** What Prisma's CLI prints: a message, and where Prisma has one, its code (P1001, P3018, …). */
export class EngineError extends Error {
  override name = 'EngineError'
  readonly code: string | undefined
  readonly meta: Record<string, unknown> | null

  constructor(message: string, code?: string, meta: Record<string, unknown> | null = null, cause?: unknown) {
    super(message, { cause })
    this.code = code
    this.meta = meta
  }
}

/** A refusal of ours in three parts. Prisma's CLI prints it below its own "Error: ". */
export function refusal(what: string, why: string, next: readonly string[]): EngineError {
  return new EngineError([what, '', `  why   ${why}`, ...next.map((line) => `  next  ${line}`)].join('\n'))
}

/** What a P1012 says first about a schema that cannot be read, and in which line; undefined for any other error. */
export function schemaComplaint(error: unknown): { words: string; line: number | undefined } | undefined {
  if (!(error instanceof EngineError) || error.code !== 'P1012') return undefined
  const [first = ''] = error.message.split('\n')
  const [, line] = /-->\s+.+:(\d+)$/m.exec(error.message) ?? []
  return { words: first.replace(/^error: (Error [\w ]+: )?/, ''), line: line === undefined ? undefined : Number(line) }
}
