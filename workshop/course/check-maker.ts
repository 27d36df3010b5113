import type { Scene } from './check-scene.ts'
import { askMaker, columnsOfModel, isTheSameTwice } from './made-recruits.ts'

/** What `makeRecruit` gives that the model has not, or does not give that it asks for. Nothing where it cannot be asked. */
export async function findMakerFault(scene: Scene): Promise<string | undefined> {
  const [text, schema] = [scene.maker(), scene.read('prisma/schema.prisma')]
  const fields = columnsOfModel(schema ?? '')
  if (text === undefined || !fields) return undefined
  const [made] = await askMaker(text, [{ run: 'c25', n: 6 }])
  if (!made) return undefined
  if (!(await isTheSameTwice(text)))
    return 'makeRecruit gives another githubName each time: run twice, a seed adds everybody once more, on PROD too'
  // A field that the model asks for, and no migration yet, is work in progress.
  const table = columnsOfModel(await scene.after((await scene.migrations()).map(({ sql }) => sql)), 'recruits')
  const isAsked = (column: string) =>
    [...(table?.values() ?? [])].some((one) => one.column === column && one.isRequired)
  const missing = [...fields].filter(([field, { column }]) => isAsked(column) && made[field] === undefined)
  if (missing.length > 0)
    return `makeRecruit gives no ${missing.map(([field]) => field).join(', no ')}, which is required`
  const unknown = Object.keys(made).filter((field) => !fields.has(field))
  return unknown.length > 0 ? `makeRecruit gives ${unknown.join(', ')}, which the model does not have` : undefined
}
