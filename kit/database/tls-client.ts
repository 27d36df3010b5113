import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { rootCertificates, type ConnectionOptions } from 'node:tls'
import pg from 'pg'

/**
 * The driver's client, with the URL's parameters about encryption as Prisma's native engine means them: `sslmode` (disable,
 * require, else prefer), `sslaccept=strict`, which alone looks at the server's certificate, `sslcert`, which is trusted
 * then, and `sslidentity` with `sslpassword`, which says who we are. The driver itself means other things by the same words.
 */
export class TlsClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    const { connectionString, ssl, mayBePlain } = encryptionOf(config.connectionString ?? '')
    const { keepAlive, keepAliveInitialDelayMillis } = config
    const connection = mayBePlain && new PreferringConnection({ ssl, keepAlive, keepAliveInitialDelayMillis })
    const all = { ...config, connectionString, ssl, ...(connection && { connection }) }
    super(all as pg.ClientConfig)
  }
}

/** What is wrong with the encryption, in a few words; undefined for an error that is about something else. */
export function tlsFailure(error: unknown): string | undefined {
  if (error instanceof CertificateUnread) return error.message
  const { code = '', message } = error as { code?: string; message: string }
  if (message === 'The server does not support SSL connections') return 'server does not support TLS'
  if (certificateErrors.test(code)) return `certificate verify failed: ${message}`
  return /^ERR_(SSL|TLS|OSSL)|^EPROTO$/.test(code) ? message : undefined
}

// OpenSSL's, and Node's own for a name that does not fit.
const certificateErrors =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_ALTNAME)/

class CertificateUnread extends Error {}

interface Encryption {
  /** Without what the driver would read in its own way. */
  connectionString: string
  ssl: false | ConnectionOptions
  /** A server without encryption will do. */
  mayBePlain: boolean
}

function encryptionOf(url: string): Encryption {
  if (!URL.canParse(url)) return { connectionString: url, ssl: false, mayBePlain: false }
  const parsed = new URL(url)
  const { searchParams: asked } = parsed
  const [mode, accept] = [asked.get('sslmode') ?? 'prefer', asked.get('sslaccept') ?? 'accept_invalid_certs']
  const read = (name: string, called: string) => (asked.has(name) ? readOne(asked.get(name)!, called) : undefined)
  const isStrict = accept !== 'accept_invalid_certs'
  const ssl = mode !== 'disable' && {
    rejectUnauthorized: isStrict,
    ...trusting(isStrict, read('sslcert', 'cert')),
    ...identifiedBy(read('sslidentity', 'identity'), asked.get('sslpassword') ?? ''),
  }
  for (const name of ours) asked.delete(name)
  return { connectionString: parsed.href, ssl, mayBePlain: mode !== 'disable' && mode !== 'require' }
}

/** What the driver would read in its own way. */
const ours =
  'ssl sslmode sslaccept sslcert sslkey sslrootcert sslidentity sslpassword sslnegotiation uselibpqcompat'.split(' ')

/** A certificate of one's own comes to those that everybody trusts. */
function trusting(isStrict: boolean, certificate: Buffer | undefined): ConnectionOptions {
  return isStrict && certificate ? { ca: [...rootCertificates, certificate.toString()] } : {}
}

function identifiedBy(pfx: Buffer | undefined, passphrase: string): ConnectionOptions {
  return pfx ? { pfx, passphrase } : {}
}

function readOne(file: string, called: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CertificateUnread(`${called} file not found (${(error as Error).message})`)
  }
}

/** Parts of the driver's connection that its types leave out. */
interface Negotiating extends EventEmitter {
  stream: EventEmitter
  connect(port: number, host: string): void
  attachListeners(stream: unknown): void
}
const Connection = pg.Connection as unknown as new (config: object) => Negotiating

/** Goes on without encryption where the server has none, as libpq does; the driver's own connection gives up there. */
class PreferringConnection extends Connection {
  override connect(port: number, host: string): void {
    super.connect(port, host)
    const { stream } = this
    const [upgrade] = stream.listeners('data') as ((answer: Buffer) => void)[]
    stream.removeAllListeners('data')
    stream.once('data', (answer: Buffer) => {
      if (answer.toString() !== 'N') return upgrade!(answer)
      this.attachListeners(stream)
      this.emit('sslconnect')
    })
  }
}
