import pg from 'pg'
import { TlsClient } from '../database/tls-client.ts'
import { connectTimeoutOf, driverUrl } from './connection-url.ts'
import { connectionError } from './native-errors.ts'

const internalChar = 18
const text = 25
const charColumnsOf = new WeakMap<pg.Pool, number[]>()
const clientsOf = new WeakMap<pg.Pool, PoolClient[]>()

/** Parts of the driver's client that its types leave out. */
interface PoolClient {
  processID: number
  connection: NodeJS.EventEmitter & { stream: { destroy(): void } }
}

/** Which columns of the latest result are PostgreSQL's internal type "char"; the driver adapter got them as text. */
export function charColumns(pool: pg.Pool): number[] {
  return charColumnsOf.get(pool) ?? []
}

/**
 * One connection to a database, opened at once and kept: session settings and advisory locks then live as long as the
 * engine. Throws the native engine's P1000, P1001, P1003, P1010 or P1011.
 */
export async function openPool(url: string): Promise<pg.Pool> {
  const clients: PoolClient[] = []
  const pool = new pg.Pool({
    Client: class extends TlsClient {
      constructor(config?: pg.ClientConfig) {
        super(config)
        clients.push(this as unknown as PoolClient)
      }
    },
    connectionString: driverUrl(url),
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectTimeoutOf(url) * 1000,
  })
  clientsOf.set(pool, clients)
  // A server ends connections between two queries too; the next query reports that, an unheard event would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('connect', (client) => readInternalCharAsText(client, pool))
  try {
    const client = await pool.connect()
    client.release()
    return pool
  } catch (error) {
    await pool.end()
    for (const client of clients) destroySocket(client)
    throw connectionError(error, url)
  }
}

/** A connection beside the pools. Throws the native engine's P1000, P1001, P1003, P1010 or P1011. */
export async function connectOnce(url: string): Promise<pg.Client> {
  let client: TlsClient | undefined
  try {
    client = new TlsClient({
      connectionString: driverUrl(url),
      connectionTimeoutMillis: connectTimeoutOf(url) * 1000,
    })
    client.on('error', () => {})
    await client.connect()
    return client
  } catch (error) {
    if (client) destroySocket(client)
    throw connectionError(error, url)
  }
}

/** Ends what the pool's connection is running, and the connection, without waiting for either. */
export async function terminate(pool: pg.Pool, url: string): Promise<void> {
  const pids = clientsOf.get(pool)?.map((client) => client.processID)
  const killer = await connectOnce(url)
  try {
    await killer.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids])
  } finally {
    await killer.end()
  }
}

/** The driver leaves the socket open when a password is missing, and with it the process. */
function destroySocket(client: unknown): void {
  ;(client as PoolClient).connection.stream.destroy()
}

/** Catalog queries return the internal type "char", which the driver adapter cannot read. */
function readInternalCharAsText(client: pg.PoolClient, pool: pg.Pool): void {
  const { connection } = client as unknown as PoolClient
  connection.prependListener('rowDescription', ({ fields }: { fields: { dataTypeID: number }[] }) => {
    charColumnsOf.set(
      pool,
      [...fields.keys()].filter((index) => fields[index]?.dataTypeID === internalChar),
    )
    for (const field of fields) if (field.dataTypeID === internalChar) field.dataTypeID = text
  })
}
