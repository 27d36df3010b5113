import { byDatabase } from './by-database.js'
import { html, nothing } from './html.js'

/** Recruits a cohort, side by side. */
export function cohorts({ cohorts: rows }) {
  const row = ({ cohort, dev, prod }) =>
    html`<th scope="row">${cohort}</th>
      <td>${number(dev)}</td>
      <td>${number(prod)}</td>`
  return byDatabase({ id: 'cohorts', title: 'Recruits', what: 'Cohort', look: 'cohorts', rows, row })
}

function number(n) {
  return n === undefined
    ? html`<span aria-hidden="true">?</span><span class="unseen">not known</span>`
    : n.toLocaleString('en-US')
}

/** The last that PROD's ledger has noted. */
export function ledger({ ledger: lines }) {
  if (lines.length === 0) return nothing
  const [head, ...rest] = lines
  return html`<section aria-labelledby="ledger">
    <h2 id="ledger">PROD’s ledger, the last line</h2>
    <p>${head}</p>
    <ul class="entry">
      ${rest.map((line) => html`<li>${line.trim()}</li>`)}
    </ul>
  </section>`
}
