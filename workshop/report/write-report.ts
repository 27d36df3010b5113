import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../kit/terminal/problem.ts'
import { drawDrift } from './drift-picture.ts'
import type { Page } from './page-blocks.ts'
import { pageAsHtml } from './page-html.ts'
import { pageAsMarkdown } from './page-markdown.ts'
import type { Report } from './report-data.ts'
import { pageOf } from './report-page.ts'

/** Writes the page of a report as `NAME.md` and `NAME.html`. Returns both paths. */
export async function writeReport(report: Report, folder: string, name: string): Promise<string[]> {
  return writePage(pageOf(report, await drawDrift(report.told)), folder, name)
}

/** Throws a Problem where nothing can be written. */
export function writePage(page: Page, folder: string, name: string): string[] {
  const files = { [`${name}.md`]: pageAsMarkdown(page), [`${name}.html`]: pageAsHtml(page) }
  return Object.entries(files).map(([file, text]) => writeInto(folder, file, text))
}

/** Makes the folder where it is not there yet, so that nobody waits for a page that has no place. */
export function makeFolder(folder: string): void {
  asked(folder, () => mkdirSync(folder, { recursive: true }))
}

/** Writes a file, and its folder where there is none. */
export function writeInto(folder: string, file: string, content: string | Uint8Array): string {
  makeFolder(folder)
  asked(join(folder, file), () => writeFileSync(join(folder, file), content))
  return join(folder, file)
}

function asked(path: string, write: () => unknown): void {
  try {
    write()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code) throw error
    throw new Problem(`${path} could not be written.`, {
      why: message,
      next: 'npm run report -- --into FOLDER    (a folder that you may write to)',
      cause: error,
    })
  }
}
