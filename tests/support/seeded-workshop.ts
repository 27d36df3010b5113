import { copyDatabase } from './kept-rows.ts'
import { layAnswers } from './known-answers.ts'
import { must } from './measure.ts'
import { copyTree, template } from './template.ts'
import { keepState, madeWorkshop, scratchWorkshop, type Workshop } from './workshop.ts'

/**
 * A workshop at the end of step `number`, both servers up: PROD has that step's migrations and the five recruits of the
 * C26, DEV is empty. All that come from one template are the same clone.
 */
export async function seededWorkshop(number: number): Promise<Workshop> {
  const workshop = scratchWorkshop()
  workshop.layStep(number)
  copyTree(await seededTemplate(number), workshop.file('.workshop'))
  layAnswers(workshop.file('.workshop'))
  await must(workshop.run('db', 'up'))
  return workshop
}

/** What such a workshop keeps in `.workshop/`, with its servers stopped. */
export function seededTemplate(number: number): Promise<string> {
  return template(`seeded-workshop-${number}`, (folder) => seed(folder, number))
}

async function seed(folder: string, number: number): Promise<void> {
  const workshop = await madeWorkshop()
  workshop.layStep(number)
  await must(workshop.run('db', 'up'))
  await must(workshop.run('migrate', 'deploy', '--env', 'prod'))
  await must(workshop.run('seed', 'c26', '--env', 'prod'))
  await must(workshop.run('db', 'down'))
  keepState(workshop, folder)
  await workshop.remove()
}

const kept = 'workshop_kept'

/** Keeps PROD as it is now, for `bringProdBack`. */
export async function keepProd(workshop: Workshop, as = kept): Promise<void> {
  await copyDatabase(workshop, 'prod', 'prod', as)
}

/** PROD as it was kept, without its archives. Whoever is connected to it is disconnected. */
export async function bringProdBack(workshop: Workshop, from = kept): Promise<void> {
  const aside = await workshop.asAdmin<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname ~ '^(prod_archive_|workshop_restoring)'",
    'postgres',
  )
  for (const { datname } of aside) await workshop.asAdmin(`DROP DATABASE ${datname} WITH (FORCE)`, 'postgres')
  await copyDatabase(workshop, 'prod', from, 'prod')
}
