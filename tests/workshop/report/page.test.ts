import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { parseProgress } from '../../../workshop/coach/progress-line.ts'
import { classPage } from '../../../workshop/report/class-page.ts'
import { drawDrift } from '../../../workshop/report/drift-picture.ts'
import { pageAsHtml } from '../../../workshop/report/page-html.ts'
import type { Report } from '../../../workshop/report/report-data.ts'
import { pageOf } from '../../../workshop/report/report-page.ts'
import { tell } from '../../../workshop/report/told.ts'
import { browserPath, openBrowser } from '../../support/browser.ts'

const nasty = '<img src=x onerror="document.title=1"><script>document.title=1</script>"\' & | `x` https://example.com/x'
const { events } = parseProgress(`
2026-11-26 05:00:00Z  08  check    missing  ${nasty}
2026-11-26 05:10:00Z  08  drift    left  DEV: ${nasty}
2026-11-26 05:12:00Z  08  predict  shell  b
2026-11-26 05:20:00Z  09  hint     1  ${nasty}
2026-11-26 05:40:00Z  09  drift    back
2026-11-26 05:45:00Z  10  deploy   applied  PROD: a`)
const statement = (isGood: boolean) => ({ what: nasty, isGood, words: nasty })

/** Every text of it is somebody's, and means no good. */
const report: Report = {
  who: nasty,
  at: '2026-11-26 05:10 UTC',
  from: 'export',
  wrong: [nasty],
  steps: (['holds', 'stands', 'told', 'untold', 'open'] as const).map((state) => ({
    number: '01',
    title: nasty,
    state,
    words: nasty,
  })),
  stopped: { step: nasty, missing: nasty },
  values: {
    cohorts: [
      {
        cohort: nasty,
        recruits: 5,
        columns: [
          { column: nasty, now: nasty, tables: [nasty], kept: 4, of: 5, lost: [{ id: '1', was: nasty, is: null }] },
        ],
      },
    ],
    gone: [nasty],
    twice: nasty,
    unknown: 2,
    kept: 4,
    of: 5,
  },
  renames: [{ from: nasty, to: nasty, isDue: true, how: nasty, onRows: statement(false), inProd: statement(true) }],
  migrations: [
    { name: nasty, sql: `-- ${nasty}\n`.repeat(3), hazards: [nasty], appliedTo: ['DEV'], deploy: nasty, commit: nasty },
  ],
  replays: [statement(true)],
  schemas: [statement(false)],
  hardCoded: [{ file: nasty, line: 1, words: nasty }],
  fits: [statement(true)],
  ledger: [nasty],
  historyIds: [],
  commits: { own: [{ id: 'abc1234', author: nasty, at: '2026-11-26T05:10:00+00:00', subject: nasty }], notes: [nasty] },
  told: tell(events, 1),
}

if (browserPath) {
  let browser: Browser
  let page: Page
  let pages: Record<string, string>
  beforeAll(async () => {
    browser = await openBrowser()
    page = await browser.newPage()
    const rows = [
      { name: nasty, report },
      { name: 'b', report },
    ]
    pages = {
      report: pageAsHtml(pageOf(report, await drawDrift(report.told))),
      class: pageAsHtml(classPage(rows, report.at, new Map([[nasty, `class/${nasty}.html`]]))),
    }
  })
  afterAll(() => browser?.close())

  describe.each(['report', 'class'])('the page of a %s', (name) => {
    test('shows every text as text: nothing is run, and nothing is asked of the network', async () => {
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await page.setContent(pages[name]!)
      expect(await page.textContent('main')).toContain(nasty)
      expect(await page.locator('script, img, link, iframe, object').count()).toBe(0)
      expect(await page.locator('[onerror], [onclick], [onload]').count()).toBe(0)
      expect(asked.filter((url) => !url.startsWith('about:'))).toEqual([])
      page.removeAllListeners('request')
    })

    test.each(['light', 'dark'] as const)('is for everybody, on a phone and on a wide screen: %s', async (theme) => {
      await page.emulateMedia({ colorScheme: theme })
      await page.setContent(pages[name]!)
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await seriousFindings(page)).toEqual([])
      }
    })

    test('fits on sheets of paper, with the SQL that is folded on a screen', async () => {
      await page.emulateMedia({ media: 'print', colorScheme: 'light' })
      await page.setViewportSize({ width: 690, height: 1000 })
      await page.setContent(pages[name]!)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(690)
      if (name === 'report') expect(await page.locator('details pre').first().isVisible()).toBe(true)
      await page.emulateMedia({ media: 'screen' })
    })
  })
} else {
  test('there is a browser to look at the page', () => {
    // Where there is none, the page is not looked at; in CI that is a failure.
    expect(process.env['CI'] ?? '').toBe('')
  })
}

async function seriousFindings(of: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
  await of.evaluate(readFileSync(axe, 'utf8'))
  const found = (await of.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  return found.violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}
