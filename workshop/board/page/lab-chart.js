import { html, svg } from './html.js'

/** A picture over time. Its lines are stretched to the room; its words are not. `below` says where steps begin. */
export function chart({ title, words, curves, rules }, size, below) {
  return html`<figure class=${size}>
    <figcaption>${title}<small>${size === 'strip' ? words : ''}</small></figcaption>
    <svg role="img" aria-label="${title}: ${words}">
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" width="100%" height="100%">
        ${below.marks.map(({ x }) => svg`<path class="mark" d="M${x * 10} 0V100"></path>`)}
        ${rules.map(({ y, isLimit }) => svg`<path class=${isLimit ? 'limit' : 'rule'} d="M0 ${y}H1000"></path>`)}
        ${curves.map(({ look, d }) => svg`<path class="curve ${look}" d=${d}></path>`)}
      </svg>
      ${rules.map(({ y, label, isLimit }) => svg`<text class=${isLimit ? 'limit' : 'rule'} x=${isLimit ? '100%' : '0'} y="${y}%" dy="-0.25em">${label}</text>`)}
      ${size === 'strip' ? '' : below.marks.map(({ x, label }) => svg`<text class="mark" x="${x}%" y="1em" dx="0.25em">${label}</text>`)}
    </svg>
  </figure>`
}

/** The seconds below the charts. */
export function axis({ ticks }) {
  return html`<svg class="axis" aria-hidden="true">
    ${ticks.map(({ x, label }) => svg`<text x="${x}%" y="1em">${label}</text>`)}
  </svg>`
}

export function legend({ title, curves }) {
  return html`<p class="curves">
    ${title}
    ${curves.map(
      ({ look, name }) =>
        html`<span
          ><svg viewBox="0 0 24 8" aria-hidden="true">
            <path class="curve ${look}" d="M0 4H24"></path>
          </svg>
          ${name}</span
        >`,
    )}
  </p>`
}
