import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { processEnvironment } from '@afo/kit'
import { freePort, type StackDetails } from '@afo/sandbox/stack'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Stack = Omit<StackDetails, 'admin' | 'xeroApp'> & {
  readonly admin: NonNullable<StackDetails['admin']>
  readonly xeroApp: NonNullable<StackDetails['xeroApp']>
}

/** `npm start -- --json --fresh` with a state folder and a port of its own; or, to try something, what RUNNING_STACK's file says of one. */
export async function startProduct(): Promise<{ stack: Stack; close: () => Promise<void> }> {
  const running = processEnvironment().RUNNING_STACK
  if (running) return { stack: JSON.parse(await readFile(running, 'utf8')) as Stack, close: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'afo-browser-stack-'))
  // Postgres runs as a user of its own where the tests run as root.
  await chmod(folder, 0o755)
  const child = spawn(process.execPath, [join(root, 'scripts', 'run.mjs'), 'start', '--json', '--fresh'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...processEnvironment(), STATE_DIR: folder, PORT: String(await freePort()) },
  })
  const close = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: child.stdout })) return { stack: JSON.parse(line) as Stack, close }
  await close()
  throw new Error('The stack ended before it was ready')
}
