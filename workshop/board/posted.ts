import type { IncomingMessage } from 'node:http'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Watch } from './watch-board.ts'

/** All that the page may ask to be done, by its path. Both write a line of progress.txt, and nothing else. */
export const asks: Record<string, (watch: Watch, body: Record<string, unknown>) => void> = {
  '/predict': (watch, { question, choice }) => watch.guess(String(question), String(choice)),
  '/hint': (watch) => watch.hint(),
}

/** A guess is some twenty characters. */
const most = 1_000

/** Does what was asked. Returns the answer's code, and what went wrong in words. */
export async function obey(
  ask: (watch: Watch, body: Record<string, unknown>) => void,
  request: IncomingMessage,
  watch: Watch,
): Promise<{ code: number; words: string }> {
  // A form of another page can send no JSON without asking first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return { code: 415, words: 'The board takes JSON alone.' }
  }
  try {
    const body = await readBody(request)
    if (body === undefined) return { code: 413, words: 'That is too long.' }
    ask(watch, JSON.parse(body) as Record<string, unknown>)
    return { code: 200, words: 'Noted.' }
  } catch (error) {
    if (error instanceof Problem) return { code: 409, words: error.message }
    if (error instanceof SyntaxError || error instanceof TypeError)
      return { code: 400, words: 'That is no JSON of ours.' }
    throw error
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let body = ''
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > most) return undefined
  }
  return body
}
