import type pg from 'pg'
import type { Place } from '../database/target.ts'
import { readDrift } from '../drift/drift.ts'
import { inOrder } from '../drift/next-command.ts'
import { wayBackFrom } from '../keep/copy-before.ts'
import type { History } from './deploy-checks.ts'
import type { Stage } from './deploy-lines.ts'

/** What is next about a history is for one place to say: the same that `npm run drift` asks. */
export async function withWayOn(
  stage: Stage,
  { lacking }: Pick<History, 'lacking'>,
  { place, client }: { place: Place; client: pg.ClientBase },
): Promise<Stage> {
  if (stage.mark !== 'bad') return stage
  const back = lacking[0] === undefined ? undefined : await wayBackFrom(client, lacking[0])
  const way = (await wayOn(place)).filter((line) => back === undefined || !line.includes(lacking[0]!))
  return { ...stage, next: [...inOrder([...way, ...(stage.next ?? [])]), ...(back === undefined ? [] : [back])] }
}

export async function wayOn(place: Place): Promise<string[]> {
  const { links } = await readDrift(place, ['prod'])
  return links.find(({ to }) => to === 'prod')?.next ?? []
}
