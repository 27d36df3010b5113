/**
 * For who starts a great many Nodes: each reads these certificates when it starts, which doubles its start, and nothing
 * but npm reaches out of this computer. Whoever starts npm finds the file's name under another one.
 */
export function certificatesAside(): NodeJS.ProcessEnv {
  const file = process.env['NODE_EXTRA_CA_CERTS']
  return file ? { NODE_EXTRA_CA_CERTS: undefined, WORKSHOP_CA_CERTS: file } : {}
}
