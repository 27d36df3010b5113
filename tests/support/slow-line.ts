import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import type { Env } from '../../workshop/world/target.ts'
import type { Workshop } from './workshop.ts'

/** Puts a database behind a line on which each answer takes so many milliseconds, while the work is done. */
export async function through(workshop: Workshop, env: Env, delay: number, work: () => Promise<void>): Promise<void> {
  const url = new URL(workshop.url(env))
  const line = createServer((socket) => {
    const server = connect(Number(url.port), '127.0.0.1')
    socket.pipe(server)
    server.on('data', (answer) => void setTimeout(() => socket.writable && socket.write(answer), delay))
    for (const end of [socket, server])
      end.on('error', () => {}).on('close', () => [socket, server].forEach((one) => one.destroy()))
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  const file = `.env.${env}.local`
  const before = readFileSync(workshop.file(file), 'utf8')
  url.port = String((line.address() as AddressInfo).port)
  workshop.write(file, `DATABASE_URL=${url.href}\n`)
  try {
    await work()
  } finally {
    workshop.write(file, before)
    line.close()
  }
}
