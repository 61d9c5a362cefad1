import { describe, expect, it } from 'vitest'
import type { SessionUser } from './db.js'
import { createSessions } from './sessions.js'

const token = (sub: string, more: object = {}) =>
  [{ alg: 'HS256' }, { sub, aud: 'authenticated', exp: 2_000_000, ...more }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.c2lnbmVk')

// Supabase Auth is a function here because what counts is how often it is asked; services/gateway/test asks a real one.
function rig(answer: (token: string) => Promise<SessionUser | null>) {
  const asked: string[] = []
  const ended: string[] = []
  let now = 1_000_000_000
  const sessions = createSessions({
    db: {
      getUser: (given) => {
        asked.push(given)
        return answer(given)
      },
      endSession: async (given) => void ended.push(given),
    },
    rules: { issuer: 'us', issuerRequired: false },
    maxAgeMs: 30_000,
    now: () => now,
  })
  return { sessions, asked, ended, later: (ms: number) => (now += ms) }
}

const ada: SessionUser = { id: 'ada', email: null, role: 'admin' }

describe('createSessions', () => {
  it('asks once per half minute, also for many requests at once', async () => {
    const { sessions, asked, later } = rig(async () => ada)
    await Promise.all(Array.from({ length: 20 }, () => sessions.read(token('ada'))))
    later(29_999)
    await sessions.read(token('ada'))
    expect(asked).toHaveLength(1)
    later(1)
    await sessions.read(token('ada'))
    expect(asked).toHaveLength(2)
  })

  it('remembers no failure of Supabase', async () => {
    let down = true
    const { sessions } = rig(async () => {
      if (down) throw new Error('away')
      return ada
    })
    await expect(sessions.read(token('ada'))).rejects.toThrow('away')
    down = false
    expect(await sessions.read(token('ada'))).toMatchObject({ user: ada })
  })

  it('takes no token for another user’s, and none that expired while remembered', async () => {
    const { sessions, later } = rig(async () => ada)
    expect(await sessions.read(token('mallory'))).toBeNull()
    const short = token('ada', { exp: 1_000_010 })
    expect(await sessions.read(short)).not.toBeNull()
    later(10_000)
    expect(await sessions.read(short)).toBeNull()
  })

  it('forgets a session that was ended', async () => {
    let gone = false
    const { sessions, ended } = rig(async () => (gone ? null : ada))
    await sessions.read(token('ada'))
    gone = true
    await sessions.end(token('ada'))
    expect(ended).toEqual([token('ada')])
    expect(await sessions.read(token('ada'))).toBeNull()
  })

  it('remembers a bounded number', async () => {
    const { sessions, asked } = rig(async (given) => ({
      ...ada,
      id: JSON.parse(Buffer.from(given.split('.')[1] ?? '', 'base64url').toString()).sub,
    }))
    for (let i = 0; i < 1_001; i++) await sessions.read(token(`user-${i}`))
    await sessions.read(token('user-1000'))
    expect(asked).toHaveLength(1_001)
    await sessions.read(token('user-0'))
    expect(asked).toHaveLength(1_002)
  })
})
