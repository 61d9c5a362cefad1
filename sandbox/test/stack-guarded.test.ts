import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { startRedis } from '../src/redis/index.js'
import { cloneDir } from '../src/stack/state.js'
import { folder } from './stack-folder.js'

const listening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })

describe('a server that is not ours', () => {
  const dir = folder()
  afterAll(() => dir.remove())

  test('has stopped when close resolves', async () => {
    const redis = await startRedis({ dir: dir.path })
    expect(await listening(redis.port)).toBe(true)
    await redis.close()
    expect([await listening(redis.port), redis.server.running()]).toEqual([false, false])
  })

  test('ends when its owner is killed without warning', async () => {
    const script = `import('${cloneDir}/sandbox/dist/redis/index.js').then(async ({ startRedis }) => {
      const { port } = await startRedis({ dir: '${dir.path}' })
      process.stdout.write(String(port))
    })`
    const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [printed] = await once(owner.stdout, 'data')
    const port = Number(printed)
    expect(await listening(port)).toBe(true)
    owner.kill('SIGKILL')
    await expect.poll(() => listening(port), { timeout: 10_000 }).toBe(false)
  })

  test('tells why it did not start', async () => {
    await expect(startRedis({ dir: dir.path, config: { maxmemory: 'plenty' } })).rejects.toThrow(
      /Redis did not start[\s\S]*maxmemory/,
    )
  })
})
