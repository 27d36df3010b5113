import { html, nothing } from './html.js'

/** A section as elements of our own. What is in it is text, whatever it looks like. */
export function section(blocks) {
  return blocks.map((block) => kinds[block.kind](block))
}

const kinds = {
  paragraph: ({ spans }) => html`<p>${inline(spans)}</p>`,
  quote: ({ spans }) => html`<blockquote>${inline(spans)}</blockquote>`,
  list: ({ items }) =>
    html`<ul>
      ${items.map((spans) => html`<li>${inline(spans)}</li>`)}
    </ul>`,
  code: ({ language, isProd, lines }) =>
    html`<pre class=${language} tabindex="0">${isProd ? html`<span class="on">on PROD</span>` : nothing}<code
        >${lines.map((line) => html`<span class=${lineKind(language, line)}>${line}${'\n'}</span>`)}</code
      ></pre>`,
  table: ({ head, rows }) =>
    html`<table>
      <thead>
        <tr>
          ${head.map((spans) => html`<th scope="col">${inline(spans)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((spans) => html`<td>${inline(spans)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`,
  fold: ({ summary, blocks }) =>
    html`<details>
      <summary>${summary}</summary>
      ${section(blocks)}
    </details>`,
}

function lineKind(language, line) {
  if (language !== 'diff' || /^(---|\+\+\+|@@)/.test(line)) return 'plain'
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'taken' : 'plain'
}

/** Words with what stands out in them. */
export function inline(spans) {
  return spans.map(({ kind, text }) => wrappers[kind](text))
}

const wrappers = {
  text: (text) => text,
  strong: (text) => html`<strong>${text}</strong>`,
  em: (text) => html`<em>${text}</em>`,
  code: (text) => html`<code>${text}</code>`,
}
