import { asCell, marks, proofWords, type Block, type Cell, type Page } from './page-blocks.ts'
import { pageStyle } from './page-style.ts'

/** The page as one file: no script, no network, and every text is text. */
export function pageAsHtml({ title, lead, blocks }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${pageStyle}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${lead.map((text) => `<p class="lead">${escaped(text)}</p>`).join('\n')}
${blocks.map(blockAsHtml).join('\n')}
</main>
</body>
</html>
`
}

function blockAsHtml(block: Block): string {
  switch (block.kind) {
    case 'heading': {
      const badge = block.proof ? ` <span class="badge ${block.proof}">${proofWords[block.proof]}</span>` : ''
      return `<h2>${escaped(block.text)}${badge}</h2>`
    }
    case 'text':
      return `<p>${escaped(block.text)}</p>`
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li${classOf(item)}>${cellAsHtml(item)}</li>`).join('\n')}\n</ul>`
    case 'table':
      return tableAsHtml(block)
    case 'code':
      return `<pre tabindex="0"><code>${escaped(block.text.replace(/\n+$/, ''))}</code></pre>`
    case 'fold':
      return `<details>\n<summary>${escaped(block.summary)}</summary>\n${block.blocks.map(blockAsHtml).join('\n')}\n</details>`
    case 'picture':
      return `<figure>\n${block.svg}\n<figcaption>${escaped(block.words)}</figcaption>\n</figure>`
  }
}

/** A wide table scrolls by itself, and is reached by keyboard for that. */
function tableAsHtml({ caption, heads, rows }: Extract<Block, { kind: 'table' }>): string {
  const cells = (row: readonly (string | Cell)[]) =>
    row.map((cell, i) => {
      const inside = cellAsHtml(cell)
      return i === 0 ? `<th scope="row"${classOf(cell)}>${inside}</th>` : `<td${classOf(cell)}>${inside}</td>`
    })
  return `<div class="wide" role="region" aria-label="${escaped(caption)}" tabindex="0">
<table>
<caption>${escaped(caption)}</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${escaped(head)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row).join('')}</tr>`).join('\n')}
</tbody>
</table>
</div>`
}

const markNames = { good: 'right', bad: 'wrong', told: 'only told' } as const

function cellAsHtml(cell: string | Cell): string {
  const { text, mark, href } = asCell(cell)
  const words = href ? `<a href="${escaped(encodeURI(href))}">${escaped(text)}</a>` : escaped(text)
  return mark ? `<span class="mark" role="img" aria-label="${markNames[mark]}">${marks[mark]}</span> ${words}` : words
}

function classOf(cell: string | Cell): string {
  const { mark } = asCell(cell)
  return mark ? ` class="${mark}"` : ''
}

/** Control characters too: a terminal’s, or one that turns the direction of a text, is nothing for a page. */
export function escaped(text: string): string {
  return text
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
