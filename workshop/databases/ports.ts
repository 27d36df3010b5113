import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { Problem } from '../../kit/terminal/problem.ts'
import { isLocal, localFile, type Target } from '../../kit/database/target.ts'

const header = '# Written by npm start, because the port in'

/** Whether the address is ours to change: a local default, or one that an earlier start has moved. */
export function isMovable(target: Target): boolean {
  const file = localFile(target.env)
  return isLocal(target.url) && (!existsSync(file) || readFileSync(file, 'utf8').startsWith(header))
}

/** Notes the new port in `.env.<env>.local`, which wins over the tracked file. */
export function movePort(target: Target, port: number): void {
  const url = new URL(target.url)
  url.port = String(port)
  const lines = [
    `${header} .env.${target.env} was taken. Delete this file to go back to it.`,
    `DATABASE_URL=${url.href}`,
  ]
  writeFileSync(localFile(target.env), `${lines.join('\n')}\n`)
}

/** The next free port; steps of two, so that DEV and PROD never meet. */
export async function freePortAfter(target: Target): Promise<number> {
  const start = Number(new URL(target.url).port || 5432)
  for (let port = start + 2; port < start + 200; port += 2) {
    if (await isFree(port)) return port
  }
  throw new Problem(`There is no free port for ${target.env.toUpperCase()}.`, {
    why: `None of ${start + 2} to ${start + 198} could be opened: they are taken, or below 1024 and for root alone.`,
    next: `Write a DATABASE_URL with a free port into .env.${target.env}.local`,
  })
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
