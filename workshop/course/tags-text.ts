/** A step as its commit and its tag tell of it. */
export interface StoryStep {
  number: number
  /** As in `step-05-email-backfill`. */
  tag: string
  title: string
  todo: readonly string[]
  removes: readonly string[]
  files: readonly StoryFile[]
}

/** A file that a step lays down: `path` is where it stands in the repository, `blob` is its id in git. */
export interface StoryFile {
  path: string
  mode: string
  blob: string
}

export const author = { name: 'Database Migrations Workshop', email: 'steps@workshop.invalid' }

/** Where the chain is built; the same stream takes the name away again. */
const building = 'refs/workshop/building'
/** Step n has the time of midnight UTC on 2025-01-06 plus n hours, on every machine. */
const midnight = Date.UTC(2025, 0, 6) / 1000

/** The commit that a tag of ours was built from, and of how many steps; undefined for any other tag. */
export function readTrailers(message: string): { source: string; steps: number } | undefined {
  const source = /^Workshop-Source: ([0-9a-f]{40,64})$/m.exec(message)?.[1]
  const steps = /^Workshop-Steps: (\d+)$/m.exec(message)?.[1]
  return source && steps ? { source, steps: Number(steps) } : undefined
}

/**
 * What `git fast-import` reads: an orphan chain of commits, a tag on each, and no more of the tags in `gone`.
 * `tree` is the source's; each file is named by its blob, so nothing is copied and no line end changes. Of the source
 * commit itself only the tags tell: the commits come from its content alone.
 */
export function importStream(
  story: readonly StoryStep[],
  source: { commit: string; tree: string },
  gone: string[],
): string {
  const nothing = '0'.repeat(source.commit.length)
  return [
    'feature done',
    ...story.flatMap((step, i) => commit(step, i, source.tree)),
    ...story.flatMap((step, i) => tag(step, i, source.commit, story.length)),
    ...[building, ...gone.map((name) => `refs/tags/${name}`)].map((ref) => `reset ${ref}\nfrom ${nothing}\n`),
    'done\n',
  ].join('\n')
}

function commit(step: StoryStep, i: number, tree: string): string[] {
  const todo = step.todo.map((line) => `- ${line}\n`).join('')
  return [
    `commit ${building}`,
    `mark :${i + 1}`,
    `author ${person(step)}`,
    `committer ${person(step)}`,
    data(`${oneLine(step.title)}\n${todo && `\n${todo}`}`),
    ...(i === 0 ? [`M 040000 ${tree} ""`, 'D prisma', 'D seeds'] : [`from :${i}`]),
    ...step.files.map(({ mode, blob, path }) => `M ${mode} ${blob} ${quoted(path)}`),
    ...step.removes.map((path) => `D ${quoted(path)}`),
    '',
  ]
}

function tag(step: StoryStep, i: number, source: string, steps: number): string[] {
  const number = String(step.number).padStart(2, '0')
  const message = [
    `Step ${number}: ${oneLine(step.title)}`,
    '',
    `A bare "git checkout ${step.tag}" moves the files only.`,
    'It does not move the databases, and it does not generate the client again.',
    `"npm run goto ${number}" moves all of them; "npm run check ${number}" says what is missing.`,
    '',
    `Workshop-Source: ${source}`,
    `Workshop-Steps: ${steps}`,
    '',
  ]
  return [`tag ${step.tag}`, `from :${i + 1}`, `tagger ${person(step)}`, data(message.join('\n'))]
}

function person({ number }: StoryStep): string {
  return `${author.name} <${author.email}> ${midnight + number * 3600} +0000`
}

/** fast-import counts bytes, not characters. */
function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
