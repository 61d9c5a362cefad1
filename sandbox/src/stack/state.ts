import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone this code runs from; the same depth in src and dist. */
export const cloneDir = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** Who runs Postgres, which refuses root: undefined for "the same user as this process". */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

const idOf = (flag: '-u' | '-g', name: string): number | undefined => {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
  return status === 0 ? Number(stdout.trim()) : undefined
}

/** As root: the user `postgres` where there is one, else `nobody`; no user is created on somebody's machine. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error(
    'Postgres refuses to run as root, and this system has neither a user "postgres" nor "nobody". Run this as another user.',
  )
}

/** Whether that user can reach and enter or execute a path. */
export function reachable(path: string, user: ServerUser | undefined): boolean {
  return user === undefined || spawnSync('test', ['-x', path], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0
}

/**
 * Where the local stack keeps its state: `.state/` of the clone, or, where the user that runs Postgres can't get there (a clone in root's
 * home), a folder in /var/tmp keyed by the clone's path.
 */
export function stateRoot(): string {
  const own = join(cloneDir, '.state')
  const path = reachable(cloneDir, serverUser())
    ? own
    : `/var/tmp/ampedfieldops-${createHash('sha256').update(cloneDir).digest('hex').slice(0, 12)}`
  mkdirSync(path, { recursive: true, mode: 0o755 })
  return path
}
