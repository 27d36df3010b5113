import type { Mark } from './timeline.ts'
import type { BoardView } from './view.ts'
import { layerNames } from '../../kit/drift/drift-table.ts'

/** What changed from one picture to the next, a sentence each: first what is new, then what is over. */
export function whatChanged(before: BoardView, after: BoardView): string[] {
  return [
    ...problems(after).filter((sentence) => !problems(before).includes(sentence)),
    ...cameBack(before, after),
    ...lines(after).filter((sentence) => !lines(before).includes(sentence)),
    ...marks(before, after),
    ...healed(before, after),
    ...recruits(before, after),
  ]
}

function problems({ layers }: BoardView): string[] {
  return layers.flatMap(({ problem }) => problem?.message ?? [])
}

function cameBack(before: BoardView, after: BoardView): string[] {
  const had = before.layers.filter(({ problem }) => problem).map(({ name }) => name)
  const has = after.layers.filter(({ problem }) => !problem)
  return has
    .filter(({ name }) => had.includes(name))
    .map(({ name, title }) => `${title} ${name === 'dev' || name === 'prod' ? 'is there again' : 'can be read again'}.`)
}

/** The history of migrations is told by the marks of the time line. */
function lines({ links }: BoardView): string[] {
  return links.flatMap((link) =>
    link.lines
      .filter(({ words }) => !words.startsWith('migration '))
      .map(({ words, because }) => `${layerNames[link.to]}: ${because.length > 0 ? words.split(', or')[0] : words}.`),
  )
}

function marks(before: BoardView, after: BoardView): string[] {
  return (['dev', 'prod'] as const).flatMap((env) =>
    after.migrations.flatMap((migration) => {
      const old = before.migrations.find(({ name }) => name === migration.name)?.[env] ?? 'not there'
      const isNews = old !== migration[env] && old !== 'not known' && !silent.includes(migration[env])
      return isNews ? [`${layerNames[env]}: ${migration.title} is ${migration[env]}.`] : []
    }),
  )
}

const silent: readonly Mark[] = ['not known', 'not there']

function healed(before: BoardView, after: BoardView): string[] {
  return after.links
    .filter(({ from, to, state }) => {
      const old = before.links.find((link) => link.from === from && link.to === to)
      return old?.state === 'differs' && state === 'same'
    })
    .map(({ title, from }) => `${title} ${from === 'dev' ? 'are the same' : 'is in sync'} again.`)
}

function recruits(before: BoardView, after: BoardView): string[] {
  return after.layers.flatMap(({ name, title, recruits: now }) => {
    const old = before.layers.find((layer) => layer.name === name)?.recruits
    if (old === undefined || now === undefined || old === now) return []
    return [`${title}: ${now} recruits, ${Math.abs(now - old)} ${now > old ? 'more' : 'fewer'} than before.`]
  })
}
