// The one library of the page. This path leads to it on the disk, and from the server's root as well.
export { html, nothing, render, svg } from '../../../node_modules/lit-html/lit-html.js'
