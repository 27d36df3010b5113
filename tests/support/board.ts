import { once } from 'node:events'
import type { Board } from '../../workshop/board/watch-board.ts'
import { applyMigrations } from '../../kit/engine/engine.ts'
import { keptWorkshop } from './kept-workshop.ts'
import { must } from './measure.ts'
import { start } from './program.ts'
import type { Workshop } from './workshop.ts'

/** Both databases stand at the end of the exercise, with the recruits of one cohort. */
export function boardWorkshop(): Promise<Workshop> {
  return keptWorkshop('board', async (workshop) => {
    // Brings the client.
    await must(workshop.run('start'))
    await applyMigrations(workshop.url('dev'), workshop.file('prisma/migrations'))
    await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
    for (const env of ['dev', 'prod'] as const) {
      await workshop.sql(
        env,
        `INSERT INTO recruits (first_name, surname, rocketchat_user, github_name, personal_email_address, cohort)
         SELECT 'First ' || n, 'Last ' || n, 'chat' || n, 'git' || n, n || '@example.com', 'C26 Data Eng'
         FROM generate_series(1, 5) AS n`,
      )
    }
  })
}

/** `npm run board` of a workshop, on a port that is free. */
export interface RunningBoard {
  url: string
  pid: number
  /** All that it has printed. */
  output(): string
  /** Types Ctrl-C, and resolves with the exit code. */
  stop(): Promise<number>
}

export async function startBoard(workshop: Workshop, port = '0'): Promise<RunningBoard> {
  const child = start(workshop.folder, [process.execPath, 'workshop/run.mjs', 'board', '--port', port], {})
  let output = ''
  child.stdout!.on('data', (chunk) => (output += chunk))
  child.stderr!.on('data', (chunk) => (output += chunk))
  const closed = once(child, 'close')
  while (!output.includes('Ctrl-C') && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
  const [url] = /http:\S+/.exec(output) ?? []
  if (!url) throw new Error(output)
  return {
    url,
    pid: child.pid!,
    output: () => output,
    async stop() {
      child.kill('SIGINT')
      const [code] = await closed
      return code as number
    },
  }
}

/** Listens to a board as its page does. */
export interface Listener {
  /** Waits for the first board, from now on, of which this is true. */
  see(isIt: (board: Board) => boolean): Promise<Board>
  latest(): Board | undefined
  leave(): void
}

export async function listenTo(url: string): Promise<Listener> {
  const leaving = new AbortController()
  const response = await fetch(`${url}/events`, { signal: leaving.signal })
  let latest: Board | undefined
  const read = async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events.filter((one) => one.startsWith('data: '))) {
        latest = JSON.parse(event.slice('data: '.length)) as Board
      }
    }
  }
  read().catch(() => {})
  return {
    async see(isIt) {
      const patience = Date.now() + 60_000
      for (;;) {
        if (latest && isIt(latest)) return latest
        if (Date.now() > patience) throw new Error(`Not seen. The last board: ${JSON.stringify(latest, null, 2)}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    latest: () => latest,
    leave: () => leaving.abort(),
  }
}
