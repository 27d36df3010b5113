/** Flags that mean the same wherever they stand. */
export const env = { env: { type: 'string', value: 'dev|prod', does: 'which database; dev without it' } } as const
export const command = { type: 'string', short: 'c' } as const
export const port = { type: 'string', short: 'p', value: 'N' } as const
