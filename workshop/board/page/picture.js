import { html, nothing } from './html.js'

/** The five layers, and how each stands to the one that it follows from. */
export function picture({ layers, links }) {
  const card = (name) => layerCard(layers.find((layer) => layer.name === name))
  const line = (from, to) => link(links.find((one) => one.from === from && one.to === to))
  return html`<section aria-labelledby="layers">
    <h2 id="layers" class="unseen">The five layers</h2>
    <ul class="picture" role="list">
      ${card('schema')} ${line('schema', 'migrations')} ${card('migrations')} ${line('migrations', 'dev')}
      ${card('dev')} ${line('dev', 'prod')} ${line('migrations', 'prod')} ${card('prod')} ${line('schema', 'client')}
      ${card('client')}
    </ul>
  </section>`
}

function layerCard({ name, title, place, state, contents, problem }) {
  return html`<li class="layer ${name} ${state}">
    <h3>${title}</h3>
    <p class="place">${place}</p>
    ${contents ? html`<p class="contents">${contents}</p>` : nothing} ${problem ? trouble(problem) : nothing}
  </li>`
}

/** What went wrong, why, and what to type. */
export function trouble({ message, why, next }) {
  return html`<div class="trouble">
    <p><strong>${message}</strong></p>
    <p>${why}</p>
    ${next ? html`<p><code>${next}</code></p>` : nothing}
  </div>`
}

const marks = { same: '✓', differs: '≠', error: '?' }

function link(found) {
  if (!found) return nothing
  const { from, to, title, state, label, lines } = found
  const words = html`<span aria-hidden="true">${marks[state]} </span>${label}`
  return html`<li class="link ${from}-${to} ${state}">
    <span class="title">${title}<span class="unseen">:</span></span>
    ${
      lines.length > 0 && state !== 'same'
        ? html`<a class="pill" href="#${from}-${to}">${words}</a>`
        : html`<span class="pill">${words}</span>`
    }
  </li>`
}
