declare module 'psql-describe' {
  export function describe(
    command: string,
    database: string,
    runQuery: (sql: string) => unknown,
    print: (item: string | Record<string, unknown>) => void,
  ): { promise: Promise<boolean | null> }
  export function describeDataToString(item: string | Record<string, unknown>): string
}
