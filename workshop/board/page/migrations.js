import { byDatabase } from './by-database.js'
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
export function migrations({ migrations: rows }) {
  const row = ({ title, at, dev, prod }) =>
    html`<th scope="row"><span class="name">${title}</span> <small>${at}</small></th>
      ${mark(dev)} ${mark(prod)}`
  return byDatabase({ id: 'migrations', title: 'Migrations', what: 'Migration', look: 'rails', rows, row })
}

function mark(state) {
  return html`<td class=${state.replaceAll(' ', '-')}>
    <span class="dot" aria-hidden="true">${dots[state]}</span><span class="words">${state}</span>
  </td>`
}
