import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const folder = join(tmpdir(), `ampedfieldops-test-runs-${userInfo().username}`)

/** Makes this run of tests known on the machine until the process ends. Answers how many there are at any time. */
export function joinTestRuns() {
  const mine = join(folder, String(process.pid))
  mkdirSync(folder, { recursive: true })
  writeFileSync(mine, '')
  process.on('exit', () => rmSync(mine, { force: true }))
  return () => readdirSync(folder).filter(isRunning).length
}

function isRunning(pid) {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    rmSync(join(folder, pid), { force: true })
    return false
  }
}
