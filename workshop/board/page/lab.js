import { html, nothing } from './html.js'
import { axis, chart, legend } from './lab-chart.js'

/** A migration under traffic, as `npm run lab` measures it: while it runs, and what was kept. */
export function lab({ state, title, status, about, guess, way, filled, steps, figures, charts, axis: below, ...rest }) {
  const { compared, kept, next } = rest
  return html`<section class="lab ${state}" aria-labelledby="lab">
    <h2 id="lab">The lab <small>${title}</small></h2>
    <p class="status">
      ${way ? html`<b>${way}</b> ` : nothing}<span class="state">${status}</span> <small>${about}</small>
    </p>
    ${guess ? html`<p class="guessed">You guessed ${guess.words} ${guess.was ? html`<b>It was ${guess.was}.</b>` : nothing}</p>` : nothing}
    ${filled === undefined ? nothing : html`<progress aria-label="rows of the portal" value=${filled} max="1"></progress>`}
    <div class="run">
      ${
        steps.length > 0
          ? html`<ol class="stages">
              ${steps.map(stage)}
            </ol>`
          : nothing
      }
      ${figures.length > 0 ? drawn(figures, charts, below) : nothing}
    </div>
    ${compared ? sideBySide(compared) : nothing} ${kept.length > 0 ? keptRuns(kept) : nothing}
    ${next ? html`<p class="next"><span>next</span> <code>${next}</code></p>` : nothing}
  </section>`
}

const marks = { done: '✓', now: '›', cut: '✗', later: '·' }
const meanings = { done: 'done: ', now: 'at work: ', cut: 'cut off: ', later: 'to come: ' }

function stage({ words, state, share }) {
  return html`<li class=${state}>
    <span class="mark" aria-hidden="true">${marks[state]}</span><span class="unseen">${meanings[state]}</span>
    <span>
      ${words}
      ${
        share === undefined
          ? nothing
          : html`<progress aria-label="rows that were looked at" value=${share} max="1"></progress>
              <small>${Math.floor(share * 100)} %</small>`
      }
    </span>
  </li>`
}

function drawn(figures, [first, ...others], below) {
  return html`<div class="drawn">
    <dl>
      ${figures.map(
        ({ name, value }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${legend(first)} ${chart(first, 'tall', below)} ${others.map((one) => chart(one, 'strip', below))} ${axis(below)}
  </div>`
}

function sideBySide({ heads, rows, chart: both, axis: below }) {
  return html`<div class="compared">
    <h3>
      ${heads.length > 1 ? 'Both ways, side by side' : 'The other way'}
      <small>the newest runs under these conditions</small>
    </h3>
    <table>
      <thead>
        <tr>
          <th scope="col"><span class="unseen">What</span></th>
          ${heads.map(({ title, look }) => html`<th scope="col" class=${look}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ what, cells }) =>
            html`<tr>
              <th scope="row">${what}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    <div class="drawn">${legend(both)} ${chart(both, 'tall', below)} ${axis(below)}</div>
  </div>`
}

function keptRuns(rows) {
  return html`<details>
    <summary>Runs that are kept</summary>
    <table class="kept">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">standstill</th>
          <th scope="col">slowest</th>
          <th scope="col">failed</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ at, title, way, about, cells }) =>
            html`<tr>
              <th scope="row">
                ${way} <small>${title} · ${about} · <time datetime=${at}>${new Date(at).toLocaleString()}</time></small>
              </th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`
}
