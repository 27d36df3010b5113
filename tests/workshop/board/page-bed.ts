import { expect } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { boardWorkshop, startBoard, type RunningBoard } from '../../support/board.ts'
import { openBrowser } from '../../support/browser.ts'
import type { Workshop } from '../../support/workshop.ts'

/** A board in a real browser, whose workshop stands at the end of the exercise. */
export let workshop: Workshop
/** Its schema.prisma as it was. */
export let models: string
let board: RunningBoard
let browser: Browser

export async function startPageBed(): Promise<void> {
  browser = await openBrowser()
  workshop = await boardWorkshop()
  models = readFileSync(workshop.file('prisma/schema.prisma'), 'utf8')
  board = await startBoard(workshop)
}

export async function stopPageBed(): Promise<void> {
  await browser?.close()
  await board?.stop()
  await workshop?.remove()
}

export let page: Page
/** What the browser complains of, and each request that goes elsewhere. */
export let complaints: string[]

/** A page of its own for each test, on which all is in sync. */
export async function openPage(): Promise<void> {
  complaints = []
  page = await browser.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(board.url)) complaints.push(`asks elsewhere: ${request.url()}`)
  })
  await page.goto(board.url)
  await page.locator('.checks').waitFor()
  await inSync()
}

/** And models, servers and DEV as they were. */
export async function closePage(): Promise<void> {
  await page.close()
  workshop.write('prisma/schema.prisma', models)
  expect(await workshop.door('db', 'up')).toMatchObject({ code: 0 })
  const extra = ['chort', `"<b>${evil}"`].map((column) => `DROP COLUMN IF EXISTS ${column}`)
  await workshop.sql('dev', `ALTER TABLE recruits ${extra.join(', ')}; UPDATE recruits SET cohort = 'C26 Data Eng'`)
}

export const evil = '<img src=x onerror=document.title=1>&amp;'

export const inSync = () => headline('All five layers say the same.')
export const headline = (words: string) => page.locator('.headline > p', { hasText: words }).waitFor()
export const cells = (column: string) =>
  page.locator('.columns tbody tr', { hasText: column }).locator('td .unseen').allTextContents()
/** The models with one more field, whose column has this name. */
export const withField = (column: string) => models.replace('\n  @@map', `\n  x String? @map("${column}")\n\n  @@map`)

/** In both themes, and at three widths. */
export async function audit(): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    for (const width of [360, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 })
      const seen = {
        theme,
        ground: await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'),
        width: await page.evaluate('document.documentElement.scrollWidth'),
        findings: await seriousFindings(),
      }
      const ground = theme === 'light' ? 'rgb(250, 249, 246)' : 'rgb(20, 23, 26)'
      expect(seen).toEqual({ theme, ground, width, findings: [] })
    }
  }
}

/** Of axe-core, which is put into the page by the debugger: the page's own policy would refuse it. */
export async function seriousFindings(within = 'html'): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
  await page.evaluate(readFileSync(axe, 'utf8'))
  const found = (await page.evaluate(`axe.run('${within}')`)) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  return found.violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}
