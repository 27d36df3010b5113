import { createSign, generateKeyPairSync } from 'node:crypto'

export interface Certificate {
  /** PEM. */
  key: string
  cert: string
}

/** A certificate that signs itself, for a host name or an IPv4 address, valid from a day before now until `validUntil`. */
export function selfSigned(host: string, validUntil = new Date(Date.now() + day)): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const name = sequence(der(0x31, sequence(der(0x06, hex('550403')), der(0x0c, Buffer.from(host)))))
  const valid = sequence(utcTime(new Date(validUntil.getTime() - 2 * day)), utcTime(validUntil))
  const isAddress = /^[\d.]+$/.test(host)
  const alternative = isAddress ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))
  const extensions = [
    // A CA, so that it can be trusted by itself; and the name that is compared.
    sequence(der(0x06, hex('551d13')), der(0x04, sequence(der(0x01, hex('ff'))))),
    sequence(der(0x06, hex('551d11')), der(0x04, sequence(alternative))),
  ]
  const content = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, hex('01')),
    ecdsaWithSha256,
    name,
    valid,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = createSign('sha256').update(content).sign(privateKey)
  const whole = sequence(content, ecdsaWithSha256, der(0x03, hex('00'), signature))
  const lines = whole
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

const day = 86_400_000

/** ASN.1, as X.509 writes it: a tag, the length, the content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const size = body.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

function sequence(...content: Uint8Array[]): Buffer {
  return der(0x30, ...content)
}

function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(date.toISOString().replace(/^..|[-T:]|\.\d+/g, '')))
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

const ecdsaWithSha256 = sequence(der(0x06, hex('2a8648ce3d040302')))
