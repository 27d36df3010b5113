import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { machine } from '../../workshop/lab/lab-room.ts'
import { serverVersion } from '../../workshop/databases/server-files.ts'
import { isKept, promises, type Promised, type PromiseName } from './promises.ts'

/** The last run of one script. */
export interface Result {
  script: string
  /** ISO date. */
  on: string
  machine: string
  /** How it was run, as `--scale 1 --rounds 5`. */
  how: string
  figures: Partial<Record<PromiseName, number>>
  /** Pictures beside the table: a file in charts/, what it shows, and what stood on the screen. */
  pictures?: { file: string; shows: string; screen?: string[] }[]
}

interface Picture {
  name: string
  svg: string
  shows: string
  screen?: string[]
}

export type Results = Record<string, Result>

const bench = fileURLToPath(new URL('..', import.meta.url))
const dataFile = join(bench, 'results.json')

export function readResults(): Results {
  return existsSync(dataFile) ? (JSON.parse(readFileSync(dataFile, 'utf8')) as Results) : {}
}

/**
 * Keeps what a script has measured, in place of its run before, and writes `bench/results.md` anew. What is measured in
 * parts is kept in parts: a run of one leaves the others as they were.
 */
export async function keepFigures(
  script: string,
  figures: Result['figures'],
  { how = process.argv.slice(2).join(' '), pictures = [] as Picture[], part = '' } = {},
): Promise<void> {
  mkdirSync(join(bench, 'charts'), { recursive: true })
  for (const { name, svg } of pictures) writeFileSync(join(bench, 'charts', `${name}.svg`), `${svg}\n`)
  const kept = pictures.map(({ name, shows, screen }) => ({
    file: `charts/${name}.svg`,
    shows,
    ...(screen && { screen }),
  }))
  const name = part ? `${script} ${part}` : script
  const result: Result = {
    script,
    on: new Date().toISOString().slice(0, 10),
    machine: machine(),
    how,
    figures,
    ...(kept.length > 0 && { pictures: kept }),
  }
  const results = { ...readResults(), [name]: result }
  writeFileSync(dataFile, `${JSON.stringify(results, null, 2)}\n`)
  // What draws takes long to load, and a check draws nothing.
  const { drawShares } = await import('./charts.ts')
  writeFileSync(join(bench, 'charts', `${fileOf(name)}.svg`), `${drawShares(figures)}\n`)
  writeFileSync(join(bench, 'results.md'), render(results))
  for (const line of tableOf(figures)) console.log(line)
}

/** Asked beside measured, a line each. */
export function tableOf(figures: Result['figures']): string[] {
  const rows = Object.entries(figures).map(([name, value]) => {
    const promised: Promised = promises[name as PromiseName]
    return [mark(promised, value), promised.what, said(value, promised.unit), `(${asked(promised)})`] as const
  })
  const width = Math.max(0, ...rows.map(([, what]) => what.length))
  return rows.map(([sign, what, value, border]) => `${sign} ${what.padEnd(width)}  ${value.padStart(12)}  ${border}`)
}

export function asked({ most, least, unit }: Promised): string {
  return most === undefined ? `at least ${said(least!, unit)}` : `at most ${said(most, unit)}`
}

export function mark(promised: Promised, value: number): string {
  if (isKept(promised, value)) return '✓'
  return promised.isOfTheMachine ? '!' : '✗'
}

export function said(value: number, unit: Promised['unit']): string {
  return `${Number(value.toFixed(value < 10 ? 2 : 0))} ${unit}`
}

function render(results: Results): string {
  const names = Object.keys(results).toSorted()
  return [
    '# What was measured',
    '',
    'The last run of each script here, beside what is promised (`shared/promises.ts`). `npm run bench NAME` measures one anew, and',
    'writes this page. `npm run bench -- --check` fails where a promise is not kept. A chart shows how much of its border each',
    'figure takes: beyond 100 % the promise is broken. Seconds of one computer (!) are no promise for another.',
    ...names.flatMap((name) => section(name, results[name]!)),
    '',
  ].join('\n')
}

function section(name: string, { script, on, machine: where, how, figures, pictures = [] }: Result): string[] {
  const rows = Object.entries(figures).map(([figure, value]) => {
    const promised: Promised = promises[figure as PromiseName]
    return `| ${mark(promised, value)} | ${promised.what} | ${said(value, promised.unit)} | ${asked(promised)} |`
  })
  const command = `npm run bench ${script}${how ? ` -- ${how}` : ''}`
  return [
    '',
    `## ${name}`,
    '',
    `\`${command}\`, ${on}. ${where}, PostgreSQL ${serverVersion}.`,
    '',
    '|     | what | measured | promised |',
    '| --- | ---- | -------- | -------- |',
    ...rows,
    '',
    `![How much of its border each figure of ${name} takes](charts/${fileOf(name)}.svg)`,
    ...pictures.flatMap(({ file, shows, screen = [] }) => [
      ...(screen.length > 0 ? ['', '```text', ...screen, '```'] : []),
      '',
      `![${shows}](${file})`,
    ]),
  ]
}

function fileOf(name: string): string {
  return `${name.replaceAll(' ', '-')}-promises`
}
