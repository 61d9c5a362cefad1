import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Marks a folder as in use by this process; a mark left by a dead one is taken over.
 * @throws saying who uses it
 */
export function lockFolder(dir: string, what: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  const file = join(dir, 'pid')
  for (let tries = 0; tries < 2; tries++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      const owner = ownerOf(file)
      if (owner !== undefined && isAlive(owner))
        throw new Error(
          `${what} is running already in this clone (process ${owner}). End it first, or use another clone.`,
          { cause: error },
        )
      rmSync(file, { force: true })
    }
  }
  throw new Error(`${file} can't be written`)
}

function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
