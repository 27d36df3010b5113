import pc from 'picocolors'
import { isUnread, type Report } from './report-data.ts'
import { stepCounts } from './report-page.ts'

/** The page in a few lines, for a terminal. */
export function summaryLines({ who, steps, values, wrong, stopped }: Report): string[] {
  const [proven, leaving] = stepCounts(steps)
  const mark = (isGood: boolean) => (isGood ? pc.green('✓') : pc.red('✗'))
  const kept = isUnread(values)
    ? `${mark(false)} PROD   ${values.unread}`
    : values.of === 0
      ? '· PROD   no value of it is known yet'
      : `${mark(values.kept === values.of)} PROD   kept ${values.kept} of ${values.of} values`
  return [
    '',
    `The report of ${who}`,
    '',
    `  ${mark(proven === leaving)} STEPS  ${proven} of ${leaving} that leave something behind are proven; now at ${stopped.step}`,
    `  ${kept}`,
    ...(wrong.length === 0
      ? [`  ${mark(true)}        nothing is wrong`]
      : wrong.slice(0, 3).map((line) => `  ${mark(false)}        ${line}`)),
    ...(wrong.length > 3 ? [`           and ${wrong.length - 3} more on the page`] : []),
  ]
}
