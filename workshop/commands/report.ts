import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { here, readTarget } from '../../kit/database/target.ts'
import { projectRoot } from '../../kit/project/project.ts'
import { Problem } from '../../kit/terminal/problem.ts'
import { wrap } from '../../kit/terminal/wrap.ts'
import { readClass } from '../report/class-report.ts'
import { classPage } from '../report/class-page.ts'
import { makeExport } from '../report/export-make.ts'
import { readReport } from '../report/read-report.ts'
import { nameOfFile, reportOfFile } from '../report/report-of-file.ts'
import { summaryLines } from '../report/report-lines.ts'
import { makeFolder, writeInto, writePage, writeReport } from '../report/write-report.ts'

interface Flags {
  export?: boolean
  from?: string
  class?: string
  into?: string
}

/** `npm run report`: one page on what was done; the file for a marker; the page from such a file, or from those of a class. */
export async function report(flags: Flags): Promise<number> {
  const chosen = (['export', 'from', 'class'] as const).filter((flag) => flags[flag])
  if (chosen.length > 1) {
    throw new Problem(`--${chosen.join(' and --')} do not go together: nothing was done.`, {
      why: 'A learner makes an export; a marker makes a page from one, or from those of a class.',
      next: `npm run report -- --${chosen[0]}${chosen[0] === 'export' ? '' : ` ${chosen[0] === 'from' ? 'FILE' : 'FOLDER'}`}`,
    })
  }
  const into = placeOf(flags.into ?? 'report')
  makeFolder(into)
  if (flags.export) return exportHere(into)
  if (flags.from !== undefined) return fromFile(placeOf(flags.from), into)
  if (flags.class !== undefined) return ofClass(placeOf(flags.class), into)
  const read = await readReport(here, { from: 'here' })
  for (const line of summaryLines(read)) say(line)
  written(await writeReport(read, into, 'report'))
  next('npm run report -- --export    (one file for a marker, who makes the page anew from it)')
  return 0
}

async function exportHere(into: string): Promise<number> {
  const { bytes, who, notes } = await makeExport(here)
  const file = writeInto(into, `${fileName(who)}.zip`, bytes)
  for (const note of notes) say(`! ${note}`)
  written([file])
  say(
    'Send this one file. In it are PROD and DEV with their rows, the copies that deploys made, your files, your commits with',
  )
  say('name and address as git has them, and progress.txt. No password is in it, and nothing was sent.')
  next(`npm run report -- --from ${shown(file)}    (what a marker sees)`)
  return 0
}

async function fromFile(file: string, into: string): Promise<number> {
  const read = await reportOfFile(file, { dev: readTarget('dev') })
  for (const line of summaryLines(read)) say(line)
  written(await writeReport(read, into, nameOfFile(file)))
  const fits = read.fits.every(({ isGood }) => isGood)
  if (!fits) say('✗ Parts of it do not fit together: the page says which.')
  next('npm run report -- --class FOLDER    (all exports of a folder in one table)')
  return fits ? 0 : 1
}

async function ofClass(folder: string, into: string): Promise<number> {
  const now = new Date()
  const rows = await readClass(folder, readTarget('dev'), say, now)
  const hrefs = new Map<string, string>()
  for (const { name, report: read } of rows) {
    if (!read) continue
    await writeReport(read, join(into, 'class'), name)
    hrefs.set(name, `class/${name}.html`)
  }
  const at = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  written(writePage(classPage(rows, at, hrefs), into, 'class'))
  const unread = rows.filter(({ problem }) => problem)
  for (const { name, problem } of unread) say(`✗ ${name}: ${problem!.message} ${problem!.why}`)
  next('npm run report -- --from FILE    (one of them alone)')
  return unread.length === 0 ? 0 : 1
}

/** Of a path as it was typed: from the project’s folder, in which npm runs. */
function placeOf(path: string): string {
  return isAbsolute(path) ? path : resolve(projectRoot, path)
}

/** A name that is a file's on every system. */
function fileName(who: string): string {
  const plain = who.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return (
    plain
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60) || 'learner'
  )
}

function written(files: readonly string[]): void {
  say('')
  for (const file of files) say(`written  ${shown(file)}`)
  say('')
}

/** As somebody types it who is in this folder. */
function shown(file: string): string {
  const path = relative(projectRoot, file)
  return path.startsWith('..') || isAbsolute(path) ? join(dirname(file), file.slice(dirname(file).length + 1)) : path
}

function next(command: string): void {
  say(`next  ${command}`)
}

function say(line: string): void {
  console.log(wrap(line, process.stdout.columns))
}
