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
