import type { Connection } from './connection.js'
import * as scripts from './scripts.js'
import type { Ephemeral } from './types.js'

export function createEphemeral(connection: Connection, prefix: string): Ephemeral {
  const keyOf = (key: string) => `${prefix}:ephemeral:${key}`
  return {
    async put(key, value, ttlMs) {
      await connection.call('SET', keyOf(key), value, 'PX', ttlMs)
    },
    async take(key) {
      const value = await connection.call('GETDEL', keyOf(key))
      return value === null ? null : String(value)
    },
    async hit(key, windowMs) {
      const [count, resetMs] = (await connection.script(scripts.hit, [keyOf(key)], [windowMs])) as [number, number]
      return { count, resetMs }
    },
  }
}
