import { html, nothing } from './html.js'

/** Recruits a cohort, side by side. */
export function cohorts({ cohorts: all }) {
  return html`<section aria-labelledby="cohorts">
    <h2 id="cohorts">Recruits</h2>
    ${
      all.length === 0
        ? html`<p class="nothing">There is none yet.</p>`
        : html`<table class="cohorts">
            <thead>
              <tr>
                <th scope="col"><span class="unseen">Cohort</span></th>
                <th scope="col">DEV</th>
                <th scope="col">PROD</th>
              </tr>
            </thead>
            <tbody>
              ${all.map(
                ({ cohort, dev, prod }) =>
                  html`<tr>
                    <th scope="row">${cohort}</th>
                    <td>${number(dev)}</td>
                    <td>${number(prod)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`
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
