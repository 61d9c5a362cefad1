import type { Core } from './core.js'

/** Small values with a life time that may be lost with Redis: OAuth state, tickets, rate windows. */
export interface Ephemeral {
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Reads and deletes in one step: a second taker gets null. */
  take(key: string): Promise<string | null>
  /** Adds one within a window that starts at the first hit; answers the count and the window's remaining milliseconds. */
  hit(key: string, windowMs: number): Promise<{ count: number; resetMs: number }>
}

/** KEYS counter · ARGV window ms. */
const count = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`

export const createEphemeral = ({ connection, key }: Core): Ephemeral => ({
  async put(name, value, ttlMs) {
    await connection.call('SET', key(`ephemeral:${name}`), value, 'PX', ttlMs)
  },
  async take(name) {
    return (await connection.call('GETDEL', key(`ephemeral:${name}`))) as string | null
  },
  async hit(name, windowMs) {
    const [hits, resetMs] = (await connection.script(count, [key(`ephemeral:${name}`)], [windowMs])) as [number, number]
    return { count: hits, resetMs }
  },
})
