import type { Bus } from '@afo/bus'
import type { NewMessage } from '@afo/contracts'
import { newId } from '@afo/kit'
import { signIn } from '@afo/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Rig, startRig } from './rig.js'

let rig: Rig
let bus: Bus
beforeAll(async () => {
  rig = await startRig({ environment: { TIME_SCALE: '60' } })
  bus = await rig.peer('contact-sync')
})
afterAll(() => rig?.close())

const say = (n: number) => {
  const messages: NewMessage[] = [
    {
      name: 'job.progressed',
      key: `job-${n}`,
      body: { commandId: newId(), name: 'contacts.sync', progress: { done: n, total: 10 } },
    },
    { name: 'contact.linked', key: `contact-${n}`, body: { clientId: newId(), contactId: newId() } },
  ]
  return bus.publish(messages, { correlationId: 'test', causationId: null, tenantId: null })
}

interface Seen {
  readonly id: string
  readonly event: string
  readonly data: { readonly key: string }
}

/** Opens a live view; `until` resolves once that many events came. */
async function watch(headers: Record<string, string> = {}, token = rig.tokens.admin) {
  const abort = new AbortController()
  const response = await fetch(`${rig.url}/api/admin/events`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: abort.signal,
  })
  const seen: Seen[] = []
  let comments = 0
  let wake = () => {}
  let over = false
  const reading = (async () => {
    let rest = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        if (block.startsWith(':')) comments++
        else {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
          seen.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) })
        }
      }
      wake()
    }
  })()
    .catch(() => {})
    .finally(() => {
      over = true
      wake()
    })
  const until = async (done: () => boolean) => {
    while (!done() && !over) await new Promise<void>((resolve) => (wake = resolve))
  }
  return { response, seen, comments: () => comments, until, over: () => over, close: () => abort.abort(), reading }
}

describe('GET /admin/events', () => {
  it('shows facts of every kind as they happen, and resumes after the last one seen', async () => {
    const first = await watch()
    expect(first.response.headers.get('content-type')).toContain('text/event-stream')
    await first.until(() => first.comments() > 0)
    await say(1)
    await first.until(() => first.seen.length >= 2)
    expect(first.seen.map(({ event }) => event).sort()).toEqual(['contact.linked', 'job.progressed'])
    const last = first.seen.at(-1)?.id ?? ''
    first.close()
    await first.reading
    await say(2)
    const second = await watch({ 'last-event-id': last })
    await second.until(() => second.seen.length >= 2)
    expect(second.seen.map(({ data }) => data.key).sort()).toEqual(['contact-2', 'job-2'])
    second.close()
    await second.reading
  })

  it('sends signs of life', async () => {
    const view = await watch()
    await view.until(() => view.comments() >= 3)
    expect(view.comments()).toBeGreaterThanOrEqual(3)
    view.close()
  })

  it('ends with its session', async () => {
    const token = await signIn(rig.db, 'ada@example.com')
    const view = await watch({}, token)
    await view.until(() => view.comments() > 0)
    await ask(rig, 'POST', '/admin/sign-out', { token })
    await view.until(() => view.over())
    expect(view.over()).toBe(true)
  })

  it('refuses a position that is none', async () => {
    const { status } = await ask(rig, 'GET', '/admin/events', { headers: { 'last-event-id': 'latest' } })
    expect(status).toBe(400)
  })

  it('is not for everybody, and not without end', async () => {
    expect((await ask(rig, 'GET', '/admin/events', { token: rig.tokens.nobody })).status).toBe(403)
    const views = await Promise.all(Array.from({ length: 11 }, () => watch({}, rig.tokens.accountant)))
    expect(views.map(({ response }) => response.status).sort()).toEqual([...Array(10).fill(200), 429])
    for (const view of views) view.close()
    await Promise.all(views.map(({ reading }) => reading))
  })

  it('ends when the process stops', async () => {
    const view = await watch()
    await view.until(() => view.comments() > 0)
    await rig.stop()
    await view.until(() => view.over())
    expect(view.over()).toBe(true)
  })
})
