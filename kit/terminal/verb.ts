import { parseArgs } from 'node:util'
import { nearest } from './nearest.ts'
import { Problem } from './problem.ts'

/** A flag: what `node:util` needs to read it, and what help says of it. */
export interface Option {
  type: 'string' | 'boolean'
  short?: string
  /** May stand more than once. */
  multiple?: true
  /** How help calls its value: `NAME`. */
  value?: string
  does: string
}

export type Options = Record<string, Option>

/** A command, in one record: how it is read, how it is explained, and what it does. */
export interface Verb<Own extends Options = Options> {
  /** Half a sentence, as in a list of all verbs. */
  does: string
  /** The words that it takes before its flags, as `STEP` or `[STEP]`; none without it. `:COHORT` ends the script's name. */
  words?: string
  options: Own
  examples: readonly string[]
  /** Where it is explained. */
  read: string
  /** Words and flags that are not its own go on to this program. */
  passesOnTo?: string
  /** Exit code where the words are wrong: 2 where 1 is an answer. */
  wrongWords?: number
  run(typed: Typed<Own>): Promise<number>
}

/** What was typed after the verb. */
export interface Typed<Own extends Options = Options> {
  values: ReturnType<typeof parseArgs<{ options: Own }>>['values']
  words: string[]
  /** As it stood there, flags included. */
  args: readonly string[]
}

/** Keeps the types of a verb's options for its `run`. */
export function defineVerb<const Own extends Options>(record: Verb<Own>): Verb {
  return record as unknown as Verb
}

/** Reads what stands after a verb. Throws a Problem for what it does not know; nothing is done then. */
export function readWords(name: string, verb: Verb, args: readonly string[]): Typed {
  if (verb.passesOnTo) return { values: {}, words: [...args], args }
  const parsed = parsedOrTold(name, verb, args)
  const flags = parsed.tokens.filter((token) => token.kind === 'option')
  const twice = flags.find(
    ({ name: flag }, i) => !verb.options[flag]!.multiple && i > flags.findIndex((one) => one.name === flag),
  )
  if (twice) throw wrong(name, verb, `${twice.rawName} stands there twice.`)
  const empty = flags.find(({ value }) => value === '')
  if (empty) throw wrong(name, verb, `${empty.rawName} has no value.`)
  return { values: parsed.values, words: parsed.positionals, args }
}

function parsedOrTold(name: string, verb: Verb, args: readonly string[]) {
  try {
    const { options, words } = verb
    return parseArgs({ args: [...args], options, allowPositionals: words !== undefined, tokens: true })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error
    const [, flag] = /Unknown option '--([^']+)'/.exec(message) ?? []
    const meant = flag && nearest(flag, Object.keys(verb.options))
    throw wrong(name, verb, `${message.split('. ')[0]!}.${meant ? ` Did you mean --${meant}?` : ''}`)
  }
}

function wrong(name: string, verb: Verb, why: string): Problem {
  return new Problem(`"${name}" does not know these words: nothing was done.`, {
    why,
    next: [verb.examples.at(-1)!, `${typed(name)} ${name.includes('-') ? '' : '-- '}--help`],
    exitCode: verb.wrongWords ?? 1,
  })
}

/** `npm run goto STEP -- [--dry-run]` */
export function usage(name: string, { words, options }: Verb): string {
  const flags = Object.entries(options).map(
    ([flag, { value, multiple }]) => `[--${flag}${value ? ` ${value}` : ''}]${multiple ? '…' : ''}`,
  )
  const all = [typed(name), words, ...(flags.length > 0 ? ['--', ...flags] : [])].filter(Boolean)
  return all.join(' ').replace(' :', ':')
}

/** What `--help` says of one verb, a line each. */
export function help(name: string, verb: Verb): string[] {
  const flags = Object.entries(verb.options).map(([flag, { short, value, does }]) => {
    const written = `${short ? `-${short}, ` : ''}--${flag}${value ? ` ${value}` : ''}`
    return [written, does] as const
  })
  const width = Math.max(0, ...flags.map(([written]) => written.length))
  return [
    `${typed(name)}: ${verb.does}`,
    '',
    `  ${usage(name, verb)}`,
    ...(flags.length > 0 ? ['', ...flags.map(([written, does]) => `  ${written.padEnd(width)}  ${does}`)] : []),
    ...(verb.passesOnTo ? ['', `  Other words go on to ${verb.passesOnTo}`] : []),
    '',
    ...verb.examples.map((example) => `  ${example}`),
    '',
    `Explained in ${verb.read}`,
  ]
}

/** npm has words of its own for two of them; a name with a dash is a program's. */
function typed(name: string): string {
  if (name.includes('-')) return `npx ${name}`
  return name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`
}
