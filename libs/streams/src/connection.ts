import { createHash } from 'node:crypto'
import { AppError, backoffMs, type Log, sleep } from '@afo/kit'
import { Redis } from 'ioredis'
import type { Settings } from './settings.js'

/** Redis's own error codes (a reply's first word) that pass by themselves. */
const passing = /^(READONLY|LOADING|OOM|NOGROUP|UNBLOCKED|MISCONF|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY|NOREPLICAS)$/

/** A failure of Redis as ours, with the code `redis-<theirs>`: `unavailable` for the connection and what passes by itself, else `bug`. */
function redisError(thrown: unknown): AppError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = error.name === 'ReplyError' ? (/^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR') : 'CONNECTION'
  const kind = code === 'CONNECTION' || passing.test(code) ? 'unavailable' : 'bug'
  return new AppError(kind, `Redis: ${error.message}`, { code: `redis-${code.toLowerCase()}`, cause: error })
}

export type Argument = string | number

/** A connection that fails at once rather than wait or send twice: a lost answer is an error, and an error means *unknown*. */
export class Connection {
  readonly #redis: Redis
  readonly #shas = new Map<string, string>()
  #trouble: unknown = 'no connection'

  /** @param blockMs the longest blocking read; beyond it a silent link counts as dead and is made anew */
  constructor(url: string, name: string, { commandMs }: Settings, log: Log, blockMs = 0) {
    this.#redis = new Redis(url, {
      connectionName: name,
      protocol: 2,
      // Any other number makes ioredis send unanswered commands a second time after reconnecting.
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      socketTimeout: blockMs + commandMs * 2,
      ...(blockMs > 0 ? {} : { commandTimeout: commandMs }),
      retryStrategy: (times) => backoffMs(times, { baseMs: 50, capMs: 2_000 }, Math.random()),
      // A demoted master: find the new one, without sending the refused command again.
      reconnectOnError: (error) => (redisError(error).code === 'redis-readonly' ? 1 : false),
    })
    this.#redis.on('error', (err) => {
      this.#trouble = err
      log.debug({ err: redisError(err) }, 'redis connection')
    })
  }

  /** Resolves when commands can be sent. @throws AppError `unavailable` after `ms` */
  async ready(ms: number): Promise<void> {
    for (const until = performance.now() + ms; this.#redis.status !== 'ready'; await sleep(20)) {
      if (performance.now() >= until) throw redisError(this.#trouble)
    }
  }

  /** @throws AppError `unavailable` or `bug` */
  async call(command: string, ...args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.#redis.call(command, ...args)
    } catch (thrown) {
      throw redisError(thrown)
    }
  }

  /** Runs a Lua script, sending its text only where Redis doesn't have it. @throws AppError `unavailable` or `bug` */
  async script(lua: string, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const sha = this.#shas.get(lua) ?? createHash('sha1').update(lua).digest('hex')
    this.#shas.set(lua, sha)
    try {
      return await this.call('EVALSHA', sha, keys.length, ...keys, ...args)
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'redis-noscript') throw thrown
      return await this.call('EVAL', lua, keys.length, ...keys, ...args)
    }
  }

  close(): void {
    this.#redis.disconnect()
  }
}
