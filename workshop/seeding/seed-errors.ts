import { Problem } from '../../kit/terminal/problem.ts'

export interface SeedPlace {
  /** `DEV` or `PROD`. */
  label: string
  /** `dev` or `prod`, as --env takes it. */
  env: string
  /** The command that was typed, with its flags. */
  command: string
  /** The newest migration that is not applied there yet. */
  pending?: string | undefined
}

interface Advice {
  /** Prisma's code, PostgreSQL's (SQLSTATE), or the kind that the driver adapter gives. */
  codes: string[]
  why: (place: SeedPlace) => string
  next: (place: SeedPlace) => string[]
}

const advice: Advice[] = [
  {
    codes: ['P2022', '42703'],
    why: ({ label, pending }) =>
      `Your model has a column that the table in ${label} does not have: ${pending ? `migration ${pending} is not applied there yet.` : 'it was renamed or dropped there, or its migration was not applied yet.'}`,
    next: ({ env, pending, command }) =>
      pending
        ? [`npm run migrate -- deploy --env ${env}`, command]
        : [
            `npm run psql -- --env ${env} -c "\\d recruits"`,
            `npm run migrate -- diff --from-migrations prisma/migrations --to-config-datasource --env ${env}`,
          ],
  },
  {
    codes: ['P2021', '42P01'],
    why: ({ label }) => `The migrations that make the table were not applied to ${label}.`,
    next: ({ env }) => [`npm run migrate -- deploy --env ${env}`],
  },
  {
    codes: ['P2011', '23502'],
    why: ({ label }) =>
      `A column in ${label} needs a value, and the recruits of this seed have none for it. Perhaps your model does not know the column.`,
    next: ({ env }) => [`npm run psql -- --env ${env} -c "\\d recruits"`],
  },
  {
    codes: ['P2002', '23505'],
    why: ({ label }) => `Another row in ${label} has this value already, and the column is unique.`,
    next: () => ['Open seeds/recruits.ts and put the label into the value that has to be unique.'],
  },
  {
    codes: ['PrismaClientValidationError'],
    why: () => 'What seeds/recruits.ts makes does not fit the model Recruit in the generated client.',
    next: () => ['Compare seeds/recruits.ts with prisma/schema.prisma.', 'npx prisma generate'],
  },
  {
    codes: ['53100'],
    why: ({ label }) => `The disk that holds ${label} is full. What was added before is kept.`,
    next: ({ command }) => ['Free some space on the disk, then type the same command again:', command],
  },
  {
    codes: ['P1001', 'P1017', 'DatabaseNotReachable', 'ConnectionClosed', '57P01', '57P02', '57P03'],
    why: ({ label }) => `The server of ${label} is not there, or it went away. What was added before is kept.`,
    next: ({ command }) => ['npm run db -- up', command],
  },
  {
    codes: ['P1000', 'P1003', 'AuthenticationFailed', 'DatabaseDoesNotExist'],
    why: ({ env }) => `The DATABASE_URL of .env.${env} or .env.${env}.local does not fit this server.`,
    next: () => ['npm run db -- url'],
  },
]

/** A seed is a plain script, and was started without the address of a database. */
export function noAddress({ command }: Pick<SeedPlace, 'command'>): Problem {
  return new Problem('There is no DATABASE_URL, so the seed does not know which database you mean.', {
    why: 'A seed is a plain script. The command below reads .env.dev or .env.prod and then starts it.',
    next: command,
  })
}

/** A seed that was started by hand, with an address of its own, must not write into PROD and call it DEV. */
export function otherDatabase({ label, command }: Pick<SeedPlace, 'label' | 'command'>, is: string): Problem {
  const other = is.toUpperCase()
  return new Problem(`This is not ${label}: the database says that it is ${other}.`, {
    why: `DATABASE_URL leads to ${other}, and the seed was started for ${label}. Nothing was added.`,
    next: command.replace(/--env \w+/, `--env ${is}`),
  })
}

/** The Problem behind an error of Prisma's, in Prisma's own words; any other error as it is. */
export function explained(error: unknown, place: SeedPlace): unknown {
  const codes = codesOf(error)
  const row = advice.find((candidate) => candidate.codes.some((code) => codes.includes(code)))
  if (!row) return error
  return new Problem(wordsOf(error as PrismaError), { why: row.why(place), next: row.next(place), cause: error })
}

interface PrismaError extends Error {
  code?: string
  meta?: { driverAdapterError?: { cause?: { originalCode?: string; originalMessage?: string; kind?: string } } }
}

function codesOf(error: unknown): (string | undefined)[] {
  const { name, code, meta } = error as PrismaError
  const cause = meta?.driverAdapterError?.cause
  return [name, code, cause?.originalCode, cause?.kind, ...(isCutOff(error as Error) ? ['ConnectionClosed'] : [])]
}

/** What the driver says to a query after the one connection of a seed was lost. */
function isCutOff({ message }: { message: string }): boolean {
  return message.includes('Cannot use a pool after calling end')
}

/** Prisma shows the calling code first and says what happened in the last line. */
function wordsOf({ message, code, meta }: PrismaError): string {
  if (isCutOff({ message })) return 'The connection was cut off.'
  const server = meta?.driverAdapterError?.cause?.originalMessage
  // P2010 and P2039 only wrap the server's message; P2011 leaves the column's name out of it.
  const words = ['P2010', 'P2011', 'P2039'].includes(code ?? '') && server ? server : message.trim().split('\n').at(-1)!
  return code ? `${code}  ${words}` : words
}
