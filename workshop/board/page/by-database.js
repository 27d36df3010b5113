import { html } from './html.js'

/** A section with a table: a row for each of `rows`, and what DEV and PROD have of it side by side. */
export function byDatabase({ id, title, what, look, rows, row }) {
  return html`<section aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="nothing">There is none yet.</p>`
        : html`<table class=${look}>
            <thead>
              <tr>
                <th scope="col"><span class="unseen">${what}</span></th>
                <th scope="col">DEV</th>
                <th scope="col">PROD</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                (one) =>
                  html`<tr>
                    ${row(one)}
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`
}
