import pg from 'pg'
import { notices } from '../terminal/notices.ts'
import { Problem } from '../terminal/problem.ts'
import { isOurs } from './clone.ts'
import { isEmpty } from './empty.ts'
import { isDiskFull } from '../terminal/disk-full.ts'
import { diskFull } from '../terminal/disk-full.ts'
import { readGuard } from '../guard/guard.ts'
import { readMarker } from './marker.ts'
import type { Marker } from './clone.ts'
import { isLocal, locate, type Target } from './target.ts'
import { TlsClient, tlsFailure } from './tls-client.ts'

/** Oldest PostgreSQL that the workshop works with. */
export const oldestServer = 14

/** What was found at a target's URL. */
export type Answer =
  | { kind: 'ours'; client: pg.Client; marker: Marker }
  | { kind: 'other-clone' | 'other-env'; marker: Marker }
  | { kind: 'unmarked'; isEmpty: boolean }
  | { kind: 'too-old'; version: string }
  | { kind: Refusal; message: string }

type Refusal =
  | 'unreachable'
  | 'no-host'
  | 'starting'
  | 'wrong-password'
  | 'no-database'
  | 'no-access'
  | 'no-encryption'
  | 'disk-full'
  | 'not-postgres'

/** Opens a connection to the target's database and makes sure that it is the one meant. Throws a Problem otherwise. */
export async function connectTo(target: Target): Promise<pg.Client> {
  const answer = await ask(target)
  if (answer.kind !== 'ours') throw explain(target, answer)
  if (target.env === 'prod' && (await readGuard(answer.client)) === 'damaged') notices.add('PROD has lost its guard')
  return answer.client
}

/** Connects, works, and leaves. */
export async function withClient<Result>(
  target: Target,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await connectTo(target)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Looks who is there, and leaves a connection open only when it is the database meant. */
export async function ask(target: Target): Promise<Answer> {
  const client = await open(target.url)
  if (!(client instanceof pg.Client)) return client
  const answer = await identify(target, client)
  if (answer.kind !== 'ours') await client.end()
  return answer
}

/** A connection, or why there is none. */
export async function open(url: string): Promise<pg.Client | { kind: Refusal; message: string }> {
  let client: pg.Client | undefined
  try {
    client = new TlsClient({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      application_name: process.env['PGAPPNAME'] ?? 'migrations workshop',
    })
    // Without a listener, a server that goes away between two queries would end this process without a word.
    client.on('error', () => {})
    await client.connect()
    return client
  } catch (error) {
    await client?.end().catch(() => {})
    return { kind: refusal(error as NodeJS.ErrnoException), message: (error as Error).message }
  }
}

export function explain(target: Target, answer: Exclude<Answer, { kind: 'ours' }>): Problem {
  const env = target.env
  const ENV = env.toUpperCase()
  const where = locate(target)
  const file = target.files.at(-1)!.replace(/.*[\\/]/, '')
  const url = `Look at DATABASE_URL in ${file}. The password is not shown:  npm run db -- url --env ${env}`
  const adopt = `npm run db -- adopt --env ${env}`

  switch (answer.kind) {
    case 'unreachable':
      return new Problem(`${ENV} is not there.`, {
        why: `Nothing answers for ${where}.`,
        next: isLocal(target.url) ? 'npm run db up' : url,
      })
    case 'no-host':
      return new Problem(`${ENV} is not there.`, {
        why: `There is no host named ${new URL(target.url).hostname}.`,
        next: url,
      })
    case 'starting':
      return new Problem(`${ENV} is not ready yet.`, {
        why: answer.message,
        next: 'Wait a moment, then type it again.',
      })
    case 'wrong-password':
      return new Problem(`${ENV} does not let you in.`, {
        why: answer.message,
        next: `Correct the role and the password in ${file}, or delete .env.${env}.local to go back to the defaults, then:  npm start`,
      })
    case 'no-database':
      return new Problem(`${ENV} has no such database.`, { why: answer.message, next: url })
    case 'no-access':
      return new Problem(`${ENV} refused the connection.`, { why: answer.message, next: url })
    case 'no-encryption':
      return new Problem(`The connection to ${ENV} could not be encrypted as DATABASE_URL asks.`, {
        why: `${where}: ${answer.message}.`,
        next: url,
      })
    case 'disk-full':
      return diskFull(where)
    case 'not-postgres':
      return new Problem(`What answers for ${ENV} is not PostgreSQL.`, {
        why: `At ${where}: ${answer.message}`,
        next: url,
      })
    case 'too-old':
      return new Problem(`${ENV} runs PostgreSQL ${answer.version}.`, {
        why: `The workshop needs PostgreSQL ${oldestServer} or newer.`,
        next: `Give ${file} the address of a newer server.`,
      })
    case 'other-env':
      return new Problem(
        `This is not ${ENV}: the database says that it is ${answer.marker.environment.toUpperCase()}.`,
        {
          why: `${where} is marked "${answer.marker.environment}" inside (schema workshop), and DATABASE_URL in ${file} calls it "${env}". Nothing was changed.`,
          next: 'Compare DATABASE_URL in .env.dev, .env.dev.local, .env.prod and .env.prod.local: two of them are swapped.',
        },
      )
    case 'other-clone':
      return new Problem(`${ENV} belongs to another clone.`, {
        why: `${where} was made from another folder of this workshop. Nothing was changed.`,
        next: [
          `npm run db up    (gives this clone servers of its own)`,
          `${adopt}    (uses that database from here too)`,
        ],
      })
    case 'unmarked':
      return new Problem(`${ENV} is not a database of this workshop.`, {
        why: `${where} has no marker (schema workshop) that says whether it is dev or prod. Nothing was changed.`,
        next: answer.isEmpty ? 'npm run db up' : `${adopt}    (if it is meant to be your ${ENV})`,
      })
  }
}

async function identify(target: Target, client: pg.Client): Promise<Answer> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version")
  const version = rows[0]!.version
  if (Number.parseInt(version) < oldestServer) return { kind: 'too-old', version }
  const marker = await readMarker(client)
  if (!marker) return { kind: 'unmarked', isEmpty: await isEmpty(client) }
  if (marker.environment !== target.env) return { kind: 'other-env', marker }
  return isOurs(marker) ? { kind: 'ours', client, marker } : { kind: 'other-clone', marker }
}

/** PostgreSQL's error classes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const refusals: Record<string, Refusal> = {
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'no-host',
  EAI_AGAIN: 'no-host',
  '57P03': 'starting',
  '28P01': 'wrong-password',
  '28000': 'wrong-password',
  '3D000': 'no-database',
  '53100': 'disk-full',
  '53300': 'no-access',
  '42501': 'no-access',
}

function refusal(error: NodeJS.ErrnoException): Refusal {
  const { code = '', message } = error
  if (tlsFailure(error) !== undefined) return 'no-encryption'
  if (isDiskFull(message)) return 'disk-full'
  if (/timeout/i.test(message)) return 'unreachable'
  return refusals[code] ?? (/^\w{5}$/.test(code) ? 'no-access' : 'not-postgres')
}
