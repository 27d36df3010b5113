import { html } from './html.js'

const dots = {
  applied: '●',
  pending: '○',
  failed: '✗',
  'rolled back': '↺',
  unknown: '?',
  edited: '✎',
  'out of order': '↕',
  'not known': '·',
  'not there': '',
}

/** One time line, from the first migration to the last, with a rail for each database. */
export function migrations({ migrations: all }) {
  return html`<section aria-labelledby="migrations">
    <h2 id="migrations">Migrations</h2>
    ${
      all.length === 0
        ? html`<p class="nothing">There is none yet.</p>`
        : html`<table class="rails">
            <thead>
              <tr>
                <th scope="col"><span class="unseen">Migration</span></th>
                <th scope="col">DEV</th>
                <th scope="col">PROD</th>
              </tr>
            </thead>
            <tbody>
              ${all.map(
                ({ title, at, dev, prod }) =>
                  html`<tr>
                    <th scope="row"><span class="name">${title}</span> <small>${at}</small></th>
                    ${mark(dev)} ${mark(prod)}
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`
}

function mark(state) {
  return html`<td class=${state.replaceAll(' ', '-')}>
    <span class="dot" aria-hidden="true">${dots[state]}</span><span class="words">${state}</span>
  </td>`
}
