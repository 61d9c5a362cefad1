import { existsSync } from 'node:fs'
import { fail, root, run, say, tool } from './shell.mjs'

// The shell is Chromium without its windows: it starts sooner and works less.
const programs = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const installed = () => programs.find((path) => existsSync(path))

/** Whether there is a Chromium; on Debian, root gets it installed. Without one CI fails, and anybody else is told what is missing. */
export async function haveChromium() {
  if (!installed() && process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing Chromium (Debian package chromium-headless-shell)')
    const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } }
    const apt = (args) => run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], quiet)
    await apt(['update'])
    if ((await apt(['install', '-y', '--no-install-recommends', 'chromium-headless-shell'])) !== 0)
      await apt(['install', '-y', 'chromium'])
  }
  if (installed()) return true
  if (process.env.CI) fail('Chromium is missing and could not be installed; on Debian it is the package "chromium".')
  say(
    'Browser tests are skipped: Chromium is missing. On Debian: apt-get install chromium; elsewhere put Chrome at /usr/bin/google-chrome.',
  )
  return false
}

/** Runs browser specs; answers the exit code. @param stdout a file descriptor */
export const runSpecs = (args, stdout = 1) =>
  run(tool('vitest'), ['run', '--config', `${root}/e2e/browser/vitest.config.ts`, '--root', root, ...args], {
    stdout,
    env: { CHROMIUM: installed() },
  })
