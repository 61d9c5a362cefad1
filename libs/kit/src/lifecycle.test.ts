import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { Closers } from './lifecycle.js'

test('closers run once, in reverse, all of them', async () => {
  const order: string[] = []
  const closers = new Closers()
  closers.add('first', () => void order.push('first'))
  closers.add('broken', () => {
    order.push('broken')
    throw new Error('no')
  })
  closers.add('last', async () => void order.push('last'))
  const [failures] = await Promise.all([closers.close(), closers.close()])
  expect(order).toEqual(['last', 'broken', 'first'])
  expect(failures.map((f) => f.message)).toEqual(['closing broken failed'])
})

test('asked to end while it starts, a process closes what it opened and ends with 0', async () => {
  const program = `
    import { createLog, runProcess } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
    await runProcess(async (signal, closers) => {
      closers.add('slow', () => new Promise((resolve) => setTimeout(resolve, 100)))
      setInterval(() => undefined, 1_000)
      console.log('starting')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('half way'))))
    }, { log: createLog('test'), deadlineMs: 5_000 })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (data) => {
    said += data
    if (said === 'starting\n') child.kill('SIGTERM')
  })
  expect(await once(child, 'close')).toEqual([0, null])
  expect(said).toContain('"msg":"stopped"')
})
