import { html, nothing } from './html.js'

/** What differs, link by link, with the SQL that closes it and what to type. Nothing where nothing differs. */
export function differences({ links }) {
  const some = links.filter(({ state, lines }) => lines.length > 0 && state !== 'error')
  if (some.length === 0) return nothing
  return html`<section class="differences" aria-labelledby="differences">
    <h2 id="differences">In detail</h2>
    ${some.map(one)}
  </section>`
}

function one({ from, to, title, state, label, lines, sql, prisma, next }) {
  return html`<article id="${from}-${to}" class=${state} tabindex="-1">
    <h3>${title} <small>${label}</small></h3>
    <ul class="lines" role="list">
      ${lines.map(line)}
    </ul>
    <div class="close">
      ${next.length > 0 ? html`<p class="next"><span>next</span> ${next.map(command)}</p>` : nothing}
      ${sql.length > 0 ? folded(`SQL that makes ${target(title, to)}`, sql) : nothing}
      ${prisma && state === 'differs' ? folded('The same, as Prisma sees it', [prisma]) : nothing}
    </div>
  </article>`
}

const meanings = {
  '·': 'note',
  '✗': 'wrong',
  '→': 'renamed',
  '+': 'extra',
  '−': 'missing',
  '≠': 'different',
  '!': 'in the way',
}

function line({ sign, words, because }) {
  return html`<li>
    <span class="sign ${meanings[sign].replaceAll(' ', '-')}" aria-hidden="true">${sign}</span>
    <div>
      ${words}
      ${
        because.length > 0
          ? html`<ul>
              ${because.map((why) => html`<li>${why}</li>`)}
            </ul>`
          : nothing
      }
    </div>
  </li>`
}

/** The line to paste, and what is said about it behind four spaces. */
function command(text) {
  const [paste, about] = text.split(/ {4}(.*)/)
  return html`<span class="command"><code>${paste}</code> ${about ? html`<small>${about}</small>` : nothing}</span>`
}

function target(title, to) {
  return to === 'migrations' ? 'the next migration' : `${title.split(' → ')[1]} what it should be`
}

function folded(summary, statements) {
  return html`<details>
    <summary>${summary}</summary>
    <pre tabindex="0"><code>${statements.join('\n')}</code></pre>
  </details>`
}
