import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Env } from '../../kit/database/target.ts'
import type { Workshop } from './workshop.ts'

/** A way to a server that passes on what is asked, and does what `between` does with each answer. */
export async function openLine(
  to: URL,
  between: (answer: Buffer, to: Socket) => void,
): Promise<{ port: number; close(): void }> {
  const port = Number(to.port)
  const line = createServer((socket) => {
    const server = connect(port, '127.0.0.1')
    socket.pipe(server)
    server.on('data', (answer) => between(answer, socket))
    for (const end of [socket, server])
      end.on('error', () => {}).on('close', () => [socket, server].forEach((one) => one.destroy()))
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  return { port: (line.address() as AddressInfo).port, close: () => line.close() }
}

/** Each answer comes so many milliseconds later. */
export function slowly(milliseconds: number): (answer: Buffer, to: Socket) => void {
  return (answer, to) => void setTimeout(() => to.writable && to.write(answer), milliseconds)
}

/** Puts a database behind a line on which each answer takes so many milliseconds, while the work is done. */
export async function through(workshop: Workshop, env: Env, delay: number, work: () => Promise<void>): Promise<void> {
  const url = new URL(workshop.url(env))
  const line = await openLine(url, slowly(delay))
  const file = `.env.${env}.local`
  const before = readFileSync(workshop.file(file), 'utf8')
  url.port = String(line.port)
  workshop.write(file, `DATABASE_URL=${url.href}\n`)
  try {
    await work()
  } finally {
    workshop.write(file, before)
    line.close()
  }
}
