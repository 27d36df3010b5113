/**
 * Something that went wrong and that the reader can mend. The doors print it as red text, without a stack:
 *
 *     ✗ PROD was not reset.
 *
 *       why   "reset" empties a database, and PROD holds 48 recruits nobody can type in again.
 *       next  npm run db reset
 *
 * Anything else that is thrown keeps its stack: it is our mistake, not the reader's.
 */
export class Problem extends Error {
  override name = 'Problem'
  readonly why: string
  /** Lines to paste or to do, in order. */
  readonly next: readonly string[]
  readonly exitCode: number

  constructor(
    what: string,
    details: { why: string; next: string | readonly string[]; exitCode?: number; cause?: unknown },
  ) {
    super(what, { cause: details.cause })
    this.why = details.why
    this.next = [details.next].flat()
    this.exitCode = details.exitCode ?? 1
  }
}
