/** Where the document and what happens part. The run ends with it. */
export class WalkthroughFailure extends Error {
  override name = 'WalkthroughFailure'
  /** Of the document, counted from 1. */
  readonly line: number
  /** What was typed or edited there. */
  readonly command: string
  /** What was to be seen, in lines: a difference (`- ` expected, `+ ` got), or what stood on the screen. */
  readonly shown: readonly string[]

  constructor(message: string, at: { line: number; command: string; shown?: readonly string[] }) {
    super(message)
    this.line = at.line
    this.command = at.command
    this.shown = at.shown ?? []
  }
}
