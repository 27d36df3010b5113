/**
 * Going back to a step, side by side in one run: `npm run goto`, and the same typed by hand (`git checkout`, drop and
 * create, `prisma migrate deploy`, `prisma generate`, the step's seeds). In turns between two steps; warm: each was
 * visited before. And to the portal of the bonus steps, with 26 tables and 60,000 rows. Ratios of medians.
 *
 *     npm run bench goto
 */
import pg from 'pg'
import { readFileSync } from 'node:fs'
import { stepStates } from '../workshop/course/step-databases.ts'
import { readSteps } from '../workshop/course/read-steps.ts'
import { gitWorkshop } from '../tests/support/git-workshop.ts'
import { measured, median, must } from '../tests/support/measure.ts'
import { keepFigures } from './shared/results.ts'

const rounds = Number(process.argv[2] ?? 5)
const states = stepStates(readSteps())
const places = [6, 16]
const portal = 19
const times = { goto: [] as number[], hand: [] as number[], portal: [] as number[] }
const workshop = gitWorkshop()

try {
  await must(workshop.npm('start'))
  for (const place of [...places, portal]) await must(workshop.npm('run', 'goto', String(place)))
  for (let round = 1; round <= rounds; round++) {
    for (const place of places) {
      times.goto.push(await measured(() => must(workshop.npm('run', 'goto', String(place)))))
    }
    times.portal.push(await measured(() => must(workshop.npm('run', 'goto', String(portal)))))
    for (const place of places) times.hand.push(await measured(() => byHand(place)))
    const last = (of: number[]) => of.slice(-places.length).map((seconds) => `${seconds.toFixed(1)} s`)
    const toPortal = `to the portal ${times.portal.at(-1)!.toFixed(1)} s`
    console.log(
      `round ${round}  goto ${last(times.goto).join(', ')} · ${toPortal} · by hand ${last(times.hand).join(', ')}`,
    )
  }
  const ratio = median(times.hand) / median(times.goto)
  const [own, hand, far] = [times.goto, times.hand, times.portal].map((some) => median(some).toFixed(1))
  console.log(`\nmedians: goto ${own} s, to the portal ${far} s, by hand ${hand} s`)
  await keepFigures('goto', {
    'goto.faster': ratio,
    'goto.portal': median(times.portal) / median(times.goto),
  })
} finally {
  await workshop.remove()
}

async function byHand(place: number): Promise<void> {
  const { step } = states.find((one) => one.step.number === place)!
  workshop.git('checkout', '--quiet', step.tag)
  const password = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  const server = new URL(workshop.url('dev'))
  const admin = new pg.Client(`postgresql://postgres:${password}@127.0.0.1:${server.port}/postgres`)
  await admin.connect()
  await admin.query('DROP DATABASE dev WITH (FORCE)')
  await admin.query('CREATE DATABASE dev OWNER dev')
  await admin.end()
  await must(workshop.run('db', 'up'))
  await must(workshop.npm('exec', '--', 'prisma', 'migrate', 'deploy'))
  await must(workshop.npm('exec', '--', 'prisma', 'generate'))
  for (const seed of seedsUntil(place)) await must(workshop.npm('run', `seed:${seed}`))
}

/** The seeds since DEV was last made anew. */
function seedsUntil(place: number): readonly string[] {
  const changes = states.filter(({ step }) => step.number <= place).map(({ step }) => step.step.dev)
  const since = changes.slice(
    Math.max(
      0,
      changes.findLastIndex((change) => change?.reset),
    ),
  )
  return since.flatMap((change) => change?.seeds ?? [])
}
