import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { processEnvironment } from '@afo/kit'

/** How a Redis can be run here. */
export type RedisProgram =
  | { readonly kind: 'local'; readonly command: string }
  | { readonly kind: 'docker'; readonly image: string }

const advice =
  'Install Redis ("apt-get install redis-server", "brew install redis"), start Docker, or set REDIS_URL to a Redis of your own.'

const image = 'redis:8-alpine'

const works = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0

let installed: RedisProgram | undefined

const onPath = (): RedisProgram | undefined => {
  if (installed) return installed
  const command = ['redis-server', 'valkey-server'].find((name) => works(name, ['--version']))
  installed = command === undefined ? undefined : { kind: 'local', command }
  return installed
}

const inDocker = (): RedisProgram | undefined => {
  const usable =
    works('docker', ['info']) &&
    (works('docker', ['image', 'inspect', image]) || works('docker', ['pull', '--quiet', image]))
  return usable ? { kind: 'docker', image } : undefined
}

const canInstall = (): boolean =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && works('apt-get', ['--version'])

/**
 * Redis or Valkey on the PATH, else Docker, else (Debian, as root) installed.
 * @throws with what to install when there is no way
 */
export async function redisProgram(say: (text: string) => void): Promise<RedisProgram> {
  const found = onPath() ?? inDocker()
  if (found) return found
  if (canInstall()) {
    say('Redis is not installed; installing redis-server with apt-get')
    await install(say)
    const here = onPath()
    if (here) return here
  }
  throw new Error(`There is no Redis here. ${advice}`)
}

/** Another installation may hold dpkg's lock, and a package list may be stale: wait for the one, refresh the other, try again. */
async function install(say: (text: string) => void): Promise<void> {
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0', '-qq', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...processEnvironment(), DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
    }).status === 0
  for (const attempt of [1, 2, 3]) {
    if (apt('install', '-y', '--no-install-recommends', 'redis-server')) return
    say(`apt-get could not install redis-server (try ${attempt} of 3)`)
    await wait(2000 * attempt)
    apt('update')
  }
}
