// npm run test:browser: the console in Chromium against the whole stack. Arguments go to vitest; `-- --screenshots` takes pictures of every page instead.
import { existsSync } from 'node:fs'
import { fail, root, run, say, tool } from './shell.mjs'

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const isThere = () => programs.some((path) => existsSync(path))

if (!isThere() && process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get')) {
  say('Installing Chromium (Debian package chromium)')
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } }
  const apt = (args) => run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], quiet)
  await apt(['update'])
  await apt(['install', '-y', 'chromium'])
}
if (!isThere()) {
  if (process.env.CI) fail('Chromium is missing and could not be installed; on Debian it is the package "chromium".')
  say(
    'Skipped: Chromium is missing. On Debian: apt-get install chromium; elsewhere put Chrome at /usr/bin/google-chrome.',
  )
  process.exit(0)
}

const args = process.argv.slice(2)
const pictures = args.includes('--screenshots')
const rest = args.filter((arg) => arg !== '--screenshots')
process.exitCode = await run(
  tool('vitest'),
  [
    'run',
    '--config',
    `${root}/e2e/browser/vitest.config.ts`,
    '--root',
    root,
    pictures ? 'screenshots' : 'console',
    ...rest,
  ],
  { stdout: 1 },
)
