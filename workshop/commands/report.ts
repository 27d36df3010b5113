import { isAbsolute, join, relative } from 'node:path'
import pc from 'picocolors'
import { here } from '../../kit/database/target.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { isUnread, type Report } from '../report/report-data.ts'
import { readReport } from '../report/read-report.ts'
import { stepCounts } from '../report/report-page.ts'
import { writeReport } from '../report/write-report.ts'

interface Flags {
  into?: string
}

/** `npm run report`: one page on what was done, as Markdown and as HTML. */
export async function report({ into = 'report' }: Flags): Promise<number> {
  const folder = isAbsolute(into) ? into : join(projectRoot, into)
  const read = await readReport(here, { from: 'here' })
  const files = await writeReport(read, folder, 'report')
  for (const line of summary(read)) say(line)
  say('')
  for (const file of files) say(`written  ${shown(file)}`)
  say('')
  say('next  npm run report -- --export    (one file for a marker, who makes the page anew from it)')
  return 0
}

/** What stands at the top of the page. */
function summary(read: Report): string[] {
  const { steps, values, wrong, stopped } = read
  const [proven, leaving] = stepCounts(steps)
  const mark = (isGood: boolean) => (isGood ? pc.green('✓') : pc.red('✗'))
  const kept = isUnread(values)
    ? `${mark(false)} PROD   ${values.unread}`
    : `${mark(values.kept === values.of)} PROD   kept ${values.kept} of ${values.of} values`
  return [
    '',
    `The report of ${read.who}`,
    '',
    `  ${mark(proven === leaving)} STEPS  ${proven} of ${leaving} that leave something behind are proven; now at ${stopped.step}`,
    `  ${kept}`,
    ...(wrong.length === 0
      ? [`  ${mark(true)}        nothing is wrong`]
      : wrong.slice(0, 3).map((line) => `  ${mark(false)}        ${line}`)),
    ...(wrong.length > 3 ? [`           and ${wrong.length - 3} more on the page`] : []),
  ]
}

/** As somebody types it who is in this folder. */
function shown(file: string): string {
  const path = relative(projectRoot, file)
  return path.startsWith('..') ? file : path
}

function say(line: string): void {
  console.log(wrap(line, process.stdout.columns))
}
