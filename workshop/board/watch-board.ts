import { setTimeout as sleep } from 'node:timers/promises'
import { labReader } from './lab-reader.ts'
import { labNews, type LabView } from './lab-view.ts'
import { whatChanged } from './news.ts'
import { questionView, type BoardStep } from './step-view.ts'
import { viewOf, type BoardView } from './view.ts'
import { lookAtFiles } from '../coach/look-at-files.ts'
import { envs } from '../../kit/database/target.ts'
import { readFacts } from './facts.ts'
import { patientLooks } from '../coach/looks.ts'
import { answersOf, stepReader } from './step-reader.ts'
import { takeGuess } from '../coach/guess.ts'
import { noteDrift } from '../coach/note-commands.ts'
import { progressName } from '../coach/progress.ts'
import { takeHint, type Hint } from '../coach/take-hint.ts'
import { firstMissing } from '../course/next-step.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import type { Place } from '../../kit/database/target.ts'

/** What the page shows at one moment. */
export interface Board {
  view: BoardView
  /** Comes a moment after the picture. */
  step: BoardStep | undefined
  /** Newest first. */
  news: News[]
  /** The one that was asked for last, while what it is about is missing. */
  hint?: Hint
  /** Once a lab has run here. */
  lab?: LabView | undefined
}

export interface News {
  /** ISO. */
  at: string
  words: string
}

export interface Watch {
  /** Tells the listener each new board, the last one at once. Returns how to stop that. */
  listen(listener: (board: Board) => void): () => void
  /** Notes what somebody thinks. Throws a Problem where it cannot be taken. */
  guess(question: string, letter: string): void
  /** Takes the next hint, and shows it. Throws a Problem where nobody knows the step. */
  hint(): void
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
  const reader = stepReader(place)
  const readLab = labReader()
  let board: Board | undefined
  let print: string | undefined
  let changed = performance.now()
  let reading: Promise<void> | undefined
  let lastStep: BoardStep | undefined
  let lab: LabView | undefined
  let noted = ''
  let hinted = ''

  const publish = (next: Board) => {
    board = { ...next, lab }
    for (const listener of listeners) listener(board)
  }

  /** Guesses and outcomes as they are noted now, whoever noted them. */
  const showNotes = () => {
    noted = lookAtFiles(place.root, [progressName])
    if (!board?.step || board.step.problem) return
    const questions = answersOf(Number(board.step.number), place.root).map(questionView)
    publish({ ...board, step: { ...board.step, questions } })
  }

  /** A hint is about one thing: when that is no longer what is missing, it goes. */
  const withoutOldHint = ({ hint, ...next }: Board): Board => {
    const result = reader.where()?.result
    return hint && JSON.stringify(result && firstMissing(result)) === hinted ? { ...next, hint } : next
  }

  const whereNow = () => {
    const where = reader.where()
    if (where) return where
    throw new Problem('Which step you are at is not known yet.', {
      why: 'The board is still looking.',
      next: 'npm run hint',
    })
  }

  const turn = async () => {
    if (lookAtFiles(place.root, [progressName]) !== noted) showNotes()
    const files = lookAtFiles(place.root, watched)
    const [dev, prod] = await Promise.all(envs.map(lookAt))
    const seen = [files, dev!.print, prod!.print].join('\n')
    if (seen === print) return
    const facts = await readFacts(place, { dev: dev!.problem, prod: prod!.problem })
    noteDrift(place.root, facts.report, envs)
    const view = viewOf(facts)
    const news = withNews(board ? whatChanged(board.view, view) : [])
    publish({ ...board, step: board?.step, view, news })
    const after = await Promise.all(envs.map(lookAt))
    // What changed while it was read may have changed back: then the picture is of neither, and is read once more.
    const isSteady = after[0]!.moment === dev!.moment && after[1]!.moment === prod!.moment
    print = isSteady ? seen : undefined
    changed = performance.now()
    reading = (reading ?? Promise.resolve()).then(() => followStep(seen, dev!.problem ?? prod!.problem)).catch(mishap)
  }

  /** Takes longer than the picture, so nothing waits for it; when the picture has changed since, it is left out. */
  const followStep = async (seen: string, problem: Parameters<typeof reader.read>[0]) => {
    if (print !== undefined && seen !== print) return
    const step = await reader.read(problem)
    if (!step.problem) lastStep = step
    // While a database is away, the step that was shown last stays, or comes back: it may have gone in the middle of a look.
    publish(withoutOldHint({ ...board!, step: problem && lastStep ? lastStep : step }))
  }

  /** A second of the lab is shown when it comes, however long a look at the databases takes. */
  const followLab = async () => {
    const next = await readLab()
    if (next === lab) return
    const news = withNews(board ? labNews(lab, next) : [])
    lab = next
    if (board) publish({ ...board, news })
  }

  const withNews = (words: readonly string[]): News[] => {
    const news = words.map((sentence) => ({ at: new Date().toISOString(), words: sentence }))
    return [...news, ...(board?.news ?? [])].slice(0, mostNews)
  }

  const look = whileHeard(listeners, async () => {
    await turn().catch(mishap)
    await sleep(performance.now() - changed > calm ? pause.quiet : pause.lively)
  })
  const lookAtLab = whileHeard(listeners, async () => {
    await followLab().catch(mishap)
    await sleep(pause.lively)
  })

  return {
    listen(listener) {
      listeners.add(listener)
      if (board) listener(board)
      lookAtLab()
      look()
      return () => void listeners.delete(listener)
    },
    guess(id, letter) {
      const asked = answersOf(whereNow().result.state.step.number, place.root).map(({ question }) => question)
      const questions = asked.filter((question) => question.id === id)
      if (questions.length === 0) {
        throw new Problem('This step has no such question.', {
          why: 'The page may be an old one.',
          next: 'npm run predict',
        })
      }
      takeGuess(questions, letter, place.root)
      showNotes()
      // It may have happened already: then the next look says so.
      print = undefined
    },
    hint() {
      const { result, states } = whereNow()
      const hint = takeHint(place.root, result, states)
      hinted = JSON.stringify(firstMissing(result))
      if (board) publish({ ...board, hint })
    },
  }
}

/** Returns what begins to do it again and again, until nobody listens any more; begun already, it goes on. */
function whileHeard(listeners: ReadonlySet<unknown>, work: () => Promise<void>): () => void {
  let running: Promise<void> | undefined
  const run = async () => {
    while (listeners.size > 0) await work()
    running = undefined
  }
  return () => void (running ??= run())
}
