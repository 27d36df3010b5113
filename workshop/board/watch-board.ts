import { setTimeout as sleep } from 'node:timers/promises'
import { whatChanged } from './news.ts'
import type { BoardStep } from './step-view.ts'
import { viewOf, type BoardView } from './view.ts'
import { lookAtFiles } from '../coach/look-at-files.ts'
import { envs } from '../../kit/database/target.ts'
import { readFacts } from './facts.ts'
import { patientLooks } from '../coach/looks.ts'
import { stepReader } from './step-reader.ts'
import type { Place } from '../../kit/database/target.ts'

/** What the page shows at one moment. */
export interface Board {
  view: BoardView
  /** Comes a moment after the picture. */
  step: BoardStep | undefined
  /** Newest first. */
  news: News[]
}

export interface News {
  /** ISO. */
  at: string
  words: string
}

export interface Watch {
  /** Tells the listener each new board, the last one at once. Returns how to stop that. */
  listen(listener: (board: Board) => void): () => void
}

/** Milliseconds from one look to the next: while things change, and when nothing has for `calm` milliseconds. */
const pause = { lively: 400, quiet: 750 }
const calm = 60_000
const mostNews = 8
const watched = ['prisma', 'seeds', '.env.dev', '.env.dev.local', '.env.prod', '.env.prod.local']

/**
 * Follows the files and both databases as long as somebody listens; otherwise nothing is looked at. What is no one's to
 * mend goes to `mishap`, and the next look tries again.
 */
export function watchBoard(place: Place, mishap: (error: unknown) => void): Watch {
  const listeners = new Set<(board: Board) => void>()
  const lookAt = patientLooks(place)
  const readStep = stepReader(place)
  let board: Board | undefined
  let print: string | undefined
  let changed = performance.now()
  let running: Promise<void> | undefined
  let reading: Promise<void> | undefined
  let lastStep: BoardStep | undefined

  const publish = (next: Board) => {
    board = next
    for (const listener of listeners) listener(next)
  }

  const turn = async () => {
    const files = lookAtFiles(place.root, watched)
    const [dev, prod] = await Promise.all(envs.map(lookAt))
    const seen = [files, dev!.print, prod!.print].join('\n')
    if (seen === print) return
    const view = viewOf(await readFacts(place, { dev: dev!.problem, prod: prod!.problem }))
    const news = board ? whatChanged(board.view, view).map((words) => ({ at: new Date().toISOString(), words })) : []
    publish({ step: board?.step, view, news: [...news, ...(board?.news ?? [])].slice(0, mostNews) })
    const after = await Promise.all(envs.map(lookAt))
    // What changed while it was read may have changed back: then the picture is of neither, and is read once more.
    const isSteady = after[0]!.moment === dev!.moment && after[1]!.moment === prod!.moment
    print = isSteady ? seen : undefined
    changed = performance.now()
    reading = (reading ?? Promise.resolve()).then(() => followStep(seen, dev!.problem ?? prod!.problem)).catch(mishap)
  }

  /** Takes longer than the picture, so nothing waits for it; when the picture has changed since, it is left out. */
  const followStep = async (seen: string, problem: Parameters<typeof readStep>[0]) => {
    if (print !== undefined && seen !== print) return
    const step = await readStep(problem)
    if (!step.problem) lastStep = step
    // While a database is away, the step that was shown last stays, or comes back: it may have gone in the middle of a look.
    publish({ ...board!, step: problem && lastStep ? lastStep : step })
  }

  const run = async () => {
    while (listeners.size > 0) {
      await turn().catch(mishap)
      await sleep(performance.now() - changed > calm ? pause.quiet : pause.lively)
    }
    running = undefined
  }

  return {
    listen(listener) {
      listeners.add(listener)
      if (board) listener(board)
      running ??= run()
      return () => void listeners.delete(listener)
    },
  }
}
