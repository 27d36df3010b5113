import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome']
const apps = ['Google Chrome', 'Microsoft Edge', 'Chromium']
const windows = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']

/** A browser of this machine that speaks Chrome's protocol; none is ever downloaded. */
export const browserPath = places().find((path) => existsSync(path))

export async function openBrowser(): Promise<Browser> {
  if (!browserPath) throw new Error(`No browser is here. Looked for: ${places().join(', ')}`)
  // Chromium's sandbox cannot be used as root; and it asks for nothing from outside.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  return chromium.launch({ executablePath: browserPath, args: [...root, ...quiet, '--disable-gpu', '--disable-quic'] })
}

function places(): string[] {
  if (process.platform === 'darwin') return apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name] ?? '')
    return roots.filter(Boolean).flatMap((root) => windows.map((path) => join(root, path)))
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}
