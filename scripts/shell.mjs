import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

const began = Date.now()

export function say(text) {
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}\n`)
}

/** Ends the process with a reason in words. */
export function fail(text) {
  process.stderr.write(`\n${text}\n`)
  process.exit(1)
}

/** Runs a program in the clone with its output on stderr; answers its exit code. A signal to us is passed on. */
export async function run(program, args, { env = {}, stdout = 2 } = {}) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', stdout, 2], env: { ...process.env, ...env } })
  const pass = (signal) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(signal ? 1 : code))
    })
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, pass)
  }
}

/** A compiled-in tool of the clone. */
export const tool = (name) => `${root}/node_modules/.bin/${name}`
