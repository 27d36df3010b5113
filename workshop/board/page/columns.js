import { html, nothing } from './html.js'

const meanings = {
  '·': 'the same',
  '+': 'extra',
  '−': 'missing',
  '≠': 'different',
  '?': 'not known',
  ' ': 'not there either',
}

/** Every column in every layer, as the terminal's report has it: a sign tells how it stands to the first layer. */
export function columns({ heads, tables }) {
  return html`<section aria-labelledby="columns">
    <h2 id="columns">Columns</h2>
    ${
      tables.length === 0
        ? html`<p class="nothing">No table anywhere.</p>`
        : html`<table class="columns">
              <thead>
                <tr>
                  <th scope="col"><span class="unseen">Column</span></th>
                  ${heads.map(head)}
                </tr>
              </thead>
              ${tables.map((table) => tableRows(table, heads))}
            </table>
            <p class="legend">
              <span class="short">${heads.map((name) => `${name[0].toUpperCase()} ${name}`).join(' · ')}<br /></span>
              · same &nbsp; + extra &nbsp; − missing &nbsp; ≠ different
            </p>`
    }
  </section>`
}

/** Where there is little room, a letter stands for each layer. */
function head(name) {
  return html`<th scope="col" abbr=${name}>
    <span class="long">${name}</span><span class="short">${name[0].toUpperCase()}</span>
  </th>`
}

function tableRows({ table, shown, types, more, same }, heads) {
  const note = (words) =>
    html`<tr>
      <td class="note" colspan=${heads.length + 1}>${words}</td>
    </tr>`
  return html`<tbody>
    <tr>
      <th scope="rowgroup" class="table" colspan=${heads.length + 1}>${table}</th>
    </tr>
    ${shown.map(({ column, cells }, i) => {
      const differs = cells.some((sign) => sign !== '·')
      return html`<tr class=${differs ? 'differs' : 'same'}>
        <th scope="row"><span class="name">${column}</span> <small>${types[i]}</small></th>
        ${cells.map(cell)}
      </tr>`
    })}
    ${more > 0 ? note(`and ${more} more that differ`) : nothing}
    ${same > 0 ? note(`and ${same} columns that are the same everywhere`) : nothing}
  </tbody>`
}

function cell(sign) {
  const meaning = meanings[sign]
  return html`<td class=${meaning.replaceAll(' ', '-')}>
    <span aria-hidden="true">${sign}</span><span class="unseen">${meaning}</span>
  </td>`
}
