import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Watch } from './watch-board.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { asks, obey } from './posted.ts'
import { readAssets } from './assets.ts'

/** What the page may do: load its own files, and hear from its own server. Nothing inline, nothing from elsewhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

export interface BoardServer {
  url: string
  close(): Promise<void>
}

/** Serves the page and the events on loopback. Throws a Problem for a port that is taken. */
export async function serve(watch: Watch, port: number): Promise<BoardServer> {
  const assets = readAssets()
  const server = createServer((request, response) => {
    const refused = refusal(request, (server.address() as AddressInfo).port)
    if (refused) return end(response, refused.code, refused.words)
    const path = request.url!.split('?')[0]!
    const ask = request.method === 'POST' ? asks[path] : undefined
    if (ask) {
      void obey(ask, request, watch).then(
        ({ code, words }) => end(response, code, words),
        () => end(response, 500, 'The board has made a mistake.'),
      )
      return
    }
    if (path === '/events') return tell(watch, response)
    const asset = assets.get(path)
    if (!asset) return end(response, 404, `There is no ${path} here. The board is at /`)
    response.writeHead(200, { ...headers, 'content-type': asset.type })
    response.end(request.method === 'HEAD' ? undefined : readFileSync(asset.file))
  })
  await listening(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * Another page in the same browser can reach loopback too, under a name of its own that leads here. So only our own
 * names are answered, and no request that another page has started.
 */
function refusal(
  { method, url = '', headers: asked }: IncomingMessage,
  port: number,
): { code: number; words: string } | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host = '', origin } = asked
  if (!hosts.includes(host)) {
    return { code: 403, words: `The board does not answer to this name. Open  http://${hosts[0]}` }
  }
  if ((origin !== undefined && origin !== `http://${host}`) || asked['sec-fetch-site'] === 'cross-site') {
    return { code: 403, words: 'The board does not answer to another page.' }
  }
  const isAsked = method === 'POST' && Object.hasOwn(asks, url.split('?')[0]!)
  if (isAsked && origin === undefined) return { code: 403, words: 'The board is asked by its own page alone.' }
  if (!isAsked && method !== 'GET' && method !== 'HEAD') return { code: 405, words: 'The board only shows.' }
  return undefined
}

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
function tell(watch: Watch, response: ServerResponse): void {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' })
  // Milliseconds until the browser asks again when the board has ended.
  response.write('retry: 1000\n\n')
  const stop = watch.listen((board) => response.write(`data: ${JSON.stringify(board)}\n\n`))
  response.once('close', stop)
}

function end(response: ServerResponse, code: number, words: string): void {
  response.writeHead(code, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${words}\n`)
}

async function listening(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw new Problem(`The board cannot have port ${port}.`, {
      why: code === 'EACCES' ? 'This system gives it to nobody else.' : 'Another program, or another board, is there.',
      next: 'npm run board -- --port 0    (takes one that is free)',
    })
  }
}
