import { html, nothing } from './html.js'
import { inline } from './section.js'

/** What the step asks, to click an answer to, and a hint for whoever asks for one. */
export function coach({ questions }, hint) {
  return html`<div class="coach">
    ${questions.length > 0 ? html`<h3>What will happen?</h3>` : nothing} ${questions.map(question)}
    <p>
      <button type="button" class="ask" @click=${() => post('/hint', {})}>${hint ? 'One more hint' : 'A hint'}</button>
      <span class="failed" role="alert"></span>
    </p>
    ${
      hint
        ? html`<div class="hint" role="status">
            <h3>${hint.level > 0 ? `Hint ${hint.level} of 3` : 'No hint'} <small>${hint.title}</small></h3>
            ${hint.words.map((line) => html`<p>${line}</p>`)}
          </div>`
        : nothing
    }
  </div>`
}

function question({ id, words, choices, guess, outcome, why }) {
  return html`<fieldset class="question">
    <legend>${inline(words)}</legend>
    ${choices.map(
      ({ letter, words: choice }) =>
        html`<button
          type="button"
          class=${letter === outcome ? 'outcome' : letter === guess ? 'guess' : 'other'}
          aria-pressed=${letter === guess ? 'true' : 'false'}
          ?disabled=${outcome !== undefined}
          @click=${() => post('/predict', { question: id, choice: letter })}
        >
          <b>${letter === outcome ? '✓' : letter}</b> <span>${inline(choice)}</span>
        </button>`,
    )}
    <p class="told">${told(guess, outcome)} ${why ? inline(why) : nothing}</p>
  </fieldset>`
}

function told(guess, outcome) {
  if (!guess) return 'Click what you think.'
  if (!outcome) return `You think ${guess}. What happens is said when it can be seen.`
  return guess === outcome ? `You thought ${guess}, and so it is.` : `You thought ${guess}, and it is ${outcome}.`
}

/** What it changes comes back as all news does, by the events. */
async function post(path, body) {
  const place = document.querySelector('.coach .failed')
  const headers = { 'content-type': 'application/json' }
  try {
    const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
    place.textContent = answer.ok ? '' : await answer.text()
  } catch {
    place.textContent = 'The board does not answer.'
  }
}
