import { coach } from './coach.js'
import { html, nothing } from './html.js'
import { trouble } from './picture.js'
import { section } from './section.js'

/** The step that the learner is at: its check, and its section of the walkthrough. */
export function step(found, hint) {
  if (!found)
    return html`<section class="step" aria-labelledby="step">
      <h2 id="step">Your step</h2>
      <p class="nothing">Looking …</p>
    </section>`
  if (found.problem)
    return html`<section class="step" aria-labelledby="step">
      <h2 id="step">Your step</h2>
      ${trouble(found.problem)}
    </section>`
  const { number, title, results, isDone } = found
  const passed = results.filter((result) => result.found === undefined).length
  return html`<section class="step" aria-labelledby="step">
    <p class="number">Step ${number}</p>
    <h2 id="step">${title}</h2>
    <h3>Check <small>${isDone ? 'all pass' : `${passed} of ${results.length} pass`}</small></h3>
    <ul class="checks" role="list">
      ${results.map(check)}
    </ul>
    ${coach(found, hint)}
    <div class="text">${section(found.section)}</div>
    <p class="next"><span>next</span> <code>npm run check ${number}</code></p>
  </section>`
}

function check({ where, what, found, next }) {
  const passes = found === undefined
  return html`<li class=${passes ? 'passes' : 'open'}>
    <span class="mark" aria-hidden="true">${passes ? '✓' : '○'}</span>
    <div>
      <p><span class="unseen">${passes ? 'Passes: ' : 'Open: '}</span><b>${where}</b> ${what}</p>
      ${passes ? nothing : html`<p class="found">${found}</p>`} ${next ? html`<p class="do">${next}</p>` : nothing}
    </div>
  </li>`
}
