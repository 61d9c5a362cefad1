import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fail, root, run, say, tool } from './shell.mjs'

/** Two dozen small projects: with several checkers each, every one of them reads the libraries anew. Half the time with one. */
export const oneChecker = ['--checkers', '1']

const stamp = join(root, 'node_modules', '.installed')
const lockFile = join(root, '.state', 'preparing')

/** Installs what package-lock.json says, if that changed, and compiles what changed. Two commands at once in one clone take turns. */
export async function prepare({ build }) {
  const unlock = await lock()
  try {
    if (!isInstalled()) await install()
    if (build) await compile()
  } finally {
    unlock()
  }
}

export async function compile() {
  if ((await run(tool('tsc'), ['-b', ...oneChecker])) !== 0) fail('The sources do not compile; the reasons are above.')
}

/** What the lock says and what it was installed for: another Node or system needs other binaries. */
function wanted() {
  const lockText = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lockText).digest('hex')} ${process.platform}-${process.arch}`
}

function isInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return true
  if (!isAsLocked()) return false
  writeFileSync(stamp, wanted())
  return true
}

/** Whether somebody's own `npm install` brought the very packages that the lock names. */
function isAsLocked() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages
  const locked = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages)
  return locked
    .filter(([path, { optional, link }]) => path.startsWith('node_modules/') && !optional && !link)
    .every(([path, { version }]) => there[path]?.version === version)
}

async function install() {
  say('Installing dependencies (npm ci); the first time takes a minute or so')
  const ticking = setInterval(() => say('... still installing'), 10_000)
  const npm = process.env.npm_execpath
  const args = [
    'ci',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
  ]
  const code = await (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args)).catch(
    (error) => {
      fail(`npm could not be started (${error.message}). Node comes with it; Debian has it as the package "npm".`)
    },
  )
  clearInterval(ticking)
  if (code !== 0)
    fail('npm ci failed; the reason is above. It needs the npm registry, or a cache that has every package.')
  writeFileSync(stamp, wanted())
  say('Dependencies are installed')
}

async function lock() {
  mkdirSync(join(root, '.state'), { recursive: true })
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      const unlock = () => rmSync(lockFile, { force: true })
      process.once('exit', unlock)
      return () => {
        process.off('exit', unlock)
        unlock()
      }
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`${lockFile} can't be written: ${error.message}`)
      if (!ownerLives()) rmSync(lockFile, { force: true })
      else if (!told) say('Another command is setting this clone up; waiting for it')
    }
    await wait(250)
  }
}

function ownerLives() {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')) || 0, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
