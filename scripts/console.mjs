import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root, run, say, tool } from './shell.mjs'

const stamp = join(root, 'console', 'dist', '.built')
const made = [
  'console/src',
  'console/public',
  'console/index.html',
  'console/vite.config.ts',
  'libs/contracts/src/rest',
]

/** Builds the admin's pages, when they or what they are made of changed; takes a few seconds. */
export async function buildConsole() {
  const wanted = hash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say("Building the admin's pages")
  // Started by tests it would inherit theirs, and React would be built for developers.
  const env = { NODE_ENV: 'production' }
  const code = await run(tool('vite'), ['build', '--logLevel', 'warn', join(root, 'console')], { env })
  if (code !== 0) fail("The admin's pages could not be built; the reasons are above.")
  writeFileSync(stamp, wanted)
}

function hash() {
  const files = [...made.flatMap(filesOf), 'package-lock.json'].sort()
  const all = createHash('sha256')
  for (const file of files) all.update(file).update(readFileSync(join(root, file)))
  return all.update(process.env.VITE_BACKEND_URL ?? '').digest('hex')
}

function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path)).flatMap((name) => filesOf(`${path}/${name}`))
}
