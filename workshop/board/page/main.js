import { html, render } from './html.js'
import { columns } from './columns.js'
import { differences } from './differences.js'
import { cohorts, ledger } from './holdings.js'
import { lab } from './lab.js'
import { migrations } from './migrations.js'
import { picture } from './picture.js'
import { step } from './step.js'

const place = document.getElementById('board')
const said = document.getElementById('said')
let board
let isConnected = true

const events = new EventSource('/events')
events.addEventListener('message', ({ data }) => {
  const before = board
  board = JSON.parse(data)
  if (!before) place.replaceChildren()
  isConnected = true
  show()
  if (before) say(freshNews(before, board))
})
// The browser asks again by itself, until the board is there again.
events.addEventListener('error', () => {
  isConnected = false
  if (board) show()
})

function show() {
  const { view, news, lab: found } = board
  document.title = `${marks[view.state]} ${view.headline[0]}`
  render(
    html`
      <header>
        <h1>The board</h1>
        ${isConnected ? '' : html`<p class="ended">The board has ended. This is the last it saw. <code>npm run board</code></p>`}
      </header>
      <main>
        <section class="headline ${view.state}" aria-label="In a word">
          ${view.headline.map((sentence) => html`<p>${sentence}</p>`)} ${newsLine(news)}
        </section>
        ${found?.isNews ? lab(found) : ''} ${picture(view)} ${differences(view)}
        <div class="below">
          <div class="holds">${columns(view)} ${migrations(view)} ${cohorts(view)} ${ledger(view)}</div>
          ${step(board.step, board.hint)}
        </div>
        ${found && !found.isNews ? lab(found) : ''}
      </main>
    `,
    place,
  )
}

const marks = { same: '✓', differs: '≠', error: '✗' }

function newsLine([first, ...earlier]) {
  if (!first) return ''
  return html`<div class="news">
    <p>${item(first)}</p>
    ${
      earlier.length > 0
        ? html`<details>
            <summary>Before that</summary>
            <ul>
              ${earlier.map((one) => html`<li>${item(one)}</li>`)}
            </ul>
          </details>`
        : ''
    }
  </div>`
}

function item({ at, words }) {
  return html`<time datetime=${at}>${new Date(at).toLocaleTimeString()}</time> ${words}`
}

function freshNews(before, { news }) {
  return news.filter(({ at, words }) => !before.news.some((one) => one.at === at && one.words === words))
}

function say(news) {
  if (news.length > 0) said.textContent = news.map(({ words }) => words).join(' ')
}
