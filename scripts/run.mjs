// Every npm script begins here, with nothing but Node: sets the clone up when needed, then runs the command. Progress goes to stderr.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildConsole } from './console.mjs'
import { prepare } from './prepare.mjs'
import { fail, root } from './shell.mjs'

const cli = join('sandbox', 'dist', 'cli')

/** Command to the module that is it; `build: false` where the command looks after compiling itself, `console` where the admin's pages are shown. */
const commands = {
  demo: { module: join(cli, 'demo.js') },
  start: { module: join(cli, 'start.js'), console: true },
  sandbox: { module: join(cli, 'sandbox.js') },
  migrate: { module: join(cli, 'migrate.js') },
  'make-admin': { module: join(cli, 'make-admin.js') },
  reencrypt: { module: join('services', 'xero-auth', 'dist', 'reencrypt.js') },
  soak: { module: join('scripts', 'soak.mjs') },
  chaos: { module: join('e2e', 'chaos', 'dist', 'run.js') },
  bench: { module: join('bench', 'dist', 'run.js') },
  'new:service': { module: join('scripts', 'new-service.mjs'), build: false },
  docs: { module: join('scripts', 'docs.mjs') },
  'test:browser': { module: join('scripts', 'test-browser.mjs'), console: true },
  test: { module: join('scripts', 'test.mjs'), build: false },
}

const [name, ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
if (!command) fail(`There is no command "${name}". Commands: ${Object.keys(commands).join(', ')}`)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node ${process.versions.node} is too old; this needs 20.19 or newer (https://nodejs.org)`)

await prepare({ build: command.build !== false })
if (command.console || (name === 'demo' && !args.includes('--once'))) await buildConsole()
process.argv = [process.argv[0], join(root, command.module), ...args]
await import(pathToFileURL(join(root, command.module)).href)
