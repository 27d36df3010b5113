/** The page's style sheet: light and dark, a phone and a sheet of paper. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ground: #faf9f6; --text: #1d2125; --dim: #52595f; --line: #d6d3cb; --box: #f1efe9;
  --good: #1c6b3a; --bad: #a61b1b; --told: #7a5200;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --text: #e6e8ea; --dim: #a9b1b8; --line: #3a4047; --box: #1e2328;
    --good: #6fd08f; --bad: #ff9a94; --told: #f0c36a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-top: 1px solid var(--line); padding-top: 1.2rem; }
p, ul { margin: .5rem 0; max-width: 46rem; }
li, p, figcaption, summary { overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; }
li:has(> .mark) { list-style: none; margin-left: -1.2rem; }
.lead { color: var(--dim); }
.badge { font-size: .75rem; font-weight: 600; border: 1px solid; border-radius: 1rem; padding: .1rem .55rem; white-space: nowrap; }
.badge.verified, .good .mark { color: var(--good); }
.badge.told, .told .mark { color: var(--told); }
.bad, .bad .mark { color: var(--bad); }
.mark { font-weight: 700; }
.wide { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
caption { text-align: left; color: var(--dim); padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); font-weight: 400; min-width: 4.5rem; max-width: 34rem; overflow-wrap: break-word; }
thead th { color: var(--dim); font-weight: 600; white-space: nowrap; }
pre { background: var(--box); padding: .7rem .9rem; overflow-x: auto; font-size: .85rem; line-height: 1.45; border-radius: .3rem; }
details { border: 1px solid var(--line); border-radius: .3rem; padding: .4rem .8rem; margin: .5rem 0; }
summary { cursor: pointer; }
figure { margin: .8rem 0; }
figure svg { max-width: 100%; height: auto; background: transparent; }
figcaption { color: var(--dim); font-size: .9rem; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--told); outline-offset: 2px; }
@media print {
  :root { --ground: #fff; --text: #000; --dim: #333; --line: #bbb; --box: #f5f5f5; --good: #0b5426; --bad: #8c1010; --told: #5c3d00; }
  @page { size: A4; margin: 16mm 14mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; margin-top: 1.2rem; padding-top: .6rem; }
  tr, figure, summary { break-inside: avoid; }
  .wide, pre { overflow: visible; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  table { font-size: 8.5pt; }
  th, td { min-width: 0; overflow-wrap: anywhere; padding: .2rem .35rem; }
  thead th { white-space: normal; overflow-wrap: normal; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`
