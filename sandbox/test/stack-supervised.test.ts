import { afterAll, afterEach, expect, test } from 'vitest'
import { freePort } from '../src/stack/ports.js'
import { answersOk, type Supervised, supervise } from '../src/stack/supervised.js'
import { folder } from './stack-folder.js'

const dir = folder()
const running: Supervised[] = []
afterEach(async () => void (await Promise.all(running.splice(0).map((each) => each.stop(0)))))
afterAll(() => dir.remove())

/** A process that answers 200 on its port, with more JavaScript of the test's own. */
async function begin(name: string, script: string) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const said: string[] = []
  const program = `require('node:http').createServer((q, r) => r.end('ok')).listen(${port}, '127.0.0.1');${script}`
  const supervised = supervise(
    {
      name,
      id: name,
      args: ['-e', program],
      env: {},
      readyUrl: url,
      healthUrl: url,
      logFile: `${dir.path}/${name}.log`,
    },
    (text) => said.push(text),
  )
  running.push(supervised)
  return { supervised, url, said }
}

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what ends is started again under its address, and said so', async () => {
  const { supervised, url, said } = await begin('phoenix', '')
  await supervised.ready(10_000)
  const first = supervised.pid() ?? 0
  process.kill(first, 'SIGKILL')
  await expect.poll(() => supervised.pid() !== first && answersOk(url), { timeout: 10_000 }).toBe(true)
  expect(said).toEqual(['phoenix ended (SIGKILL); starting it again'])
})

test('what never gets ready is given up with the end of its log', async () => {
  const { supervised } = await begin('broken', `console.error('REDIS_URL is missing');process.exit(3)`)
  await expect(supervised.ready(30_000)).rejects.toThrow(
    /broken ended 3 times while starting[\s\S]*REDIS_URL is missing/,
  )
})

test('stop waits until it has ended', async () => {
  const { supervised, url } = await begin('polite', '')
  await supervised.ready(10_000)
  const pid = supervised.pid() ?? 0
  await supervised.stop(10_000)
  expect([alive(pid), await answersOk(url), supervised.pid()]).toEqual([false, false, undefined])
})

test('who ignores the signal is killed after the deadline', async () => {
  const { supervised } = await begin('deaf', `process.on('SIGTERM', () => undefined)`)
  await supervised.ready(10_000)
  const pid = supervised.pid() ?? 0
  await supervised.stop(200)
  expect(alive(pid)).toBe(false)
})
