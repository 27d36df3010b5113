import { lexer, type Tokens } from 'marked'

/** A question as a section of the walkthrough asks it, in Markdown. */
export interface Asked {
  words: string
  choices: { letter: string; words: string }[]
}

/** Each paragraph that begins with **Predict.** and has a list of choices below it: `- **a** …`. */
export function askedIn(section: string): Asked[] {
  const tokens = lexer(section).filter(({ type }) => type !== 'space')
  return tokens.flatMap((token, i) => {
    const [, words] = /^\*\*Predict\.\*\* ([^]+)$/.exec(token.type === 'paragraph' ? token.raw.trim() : '') ?? []
    const list = tokens[i + 1]
    if (!words || list?.type !== 'list') return []
    const choices = (list as Tokens.List).items.flatMap(({ text }) => {
      const [, letter, rest] = /^\*\*([a-d])\*\* ([^]+)$/.exec(text.trim()) ?? []
      return letter && rest ? [{ letter, words: rest.replaceAll(/\s+/g, ' ') }] : []
    })
    return [{ words: words.replaceAll(/\s+/g, ' '), choices }]
  })
}
