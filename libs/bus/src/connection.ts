import { createHash } from 'node:crypto'
import { AppError, backoffMs, type Log } from '@afo/kit'
import { Redis } from 'ioredis'
import type { Settings } from './settings.js'

/** Redis's own error codes (the first word of a reply) that pass by themselves. */
const passing = new Set(
  'READONLY LOADING OOM NOGROUP UNBLOCKED MISCONF CLUSTERDOWN TRYAGAIN MASTERDOWN BUSY NOREPLICAS'.split(' '),
)

/** A failure of Redis as ours: `unavailable` for the connection and what passes by itself, else `bug`. The code is `redis-<theirs>`. */
export function redisError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const code = error.name === 'ReplyError' ? (/^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR') : 'CONNECTION'
  const kind = code === 'CONNECTION' || passing.has(code) ? 'unavailable' : 'bug'
  return new AppError(kind, `Redis: ${error.message}`, { code: `redis-${code.toLowerCase()}`, cause: error })
}

export type Argument = string | number

/** A connection that fails at once instead of waiting or sending twice: a lost answer is an error, and an error means *unknown*. */
export class Connection {
  readonly #redis: Redis
  readonly #shas = new Map<string, string>()
  #clientId: number | undefined

  /** @param silenceMs without an answer for this long, the link counts as dead and is made anew; above the longest blocking read */
  constructor(url: string, name: string, silenceMs: number, commandMs: number | undefined, log: Log) {
    this.#redis = new Redis(url, {
      lazyConnect: true,
      connectionName: name,
      protocol: 2,
      // Any other number makes ioredis send unanswered commands a second time after reconnecting.
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      socketTimeout: silenceMs,
      ...(commandMs === undefined ? {} : { commandTimeout: commandMs }),
      retryStrategy: (times) => backoffMs(times, { baseMs: 50, capMs: 2_000 }, Math.random()),
      // A demoted master: find the new one, without sending the refused command again.
      reconnectOnError: (error) => (redisError(error).code === 'redis-readonly' ? 1 : false),
    })
    this.#redis.on('error', (err) => log.warn({ err: redisError(err) }, 'redis connection'))
    this.#redis.on('ready', () => {
      this.#redis.client('ID').then(
        (id) => {
          this.#clientId = id
        },
        () => {
          // A server that forbids CLIENT only makes stopping wait for the running read.
          this.#clientId = undefined
        },
      )
    })
  }

  /** Resolves when commands can be sent. @throws AppError `unavailable` after `ms` */
  async ready(ms: number): Promise<void> {
    const redis = this.#redis
    if (redis.status === 'ready') return
    let last: unknown
    const note = (error: unknown) => {
      last = error
    }
    redis.on('error', note)
    if (redis.status === 'wait') redis.connect().catch(note)
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new AppError('unavailable', 'Redis is not there', { code: 'redis-connection', cause: last })),
          ms,
        )
        redis.once('ready', () => {
          clearTimeout(timer)
          resolve()
        })
      })
    } finally {
      redis.off('error', note)
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

  /** Sends all in one go, in order. @throws AppError for the first that failed; the others may have happened */
  async pipeline(commands: readonly (readonly [string, ...Argument[]])[]): Promise<unknown[]> {
    const pipeline = this.#redis.pipeline()
    for (const [command, ...args] of commands) pipeline.call(command, ...args)
    const replies = await pipeline.exec().catch((thrown: unknown) => {
      throw redisError(thrown)
    })
    return (replies ?? []).map(([error, reply]) => {
      if (error) throw redisError(error)
      return reply
    })
  }

  /** @throws AppError `unavailable` or `bug` */
  async script(lua: string, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const sha = this.#shas.get(lua) ?? createHash('sha1').update(lua).digest('hex')
    this.#shas.set(lua, sha)
    try {
      return await this.call('EVALSHA', sha, keys.length, ...keys, ...args)
    } catch (thrown) {
      if (redisError(thrown).code !== 'redis-noscript') throw thrown
      return await this.call('EVAL', lua, keys.length, ...keys, ...args)
    }
  }

  /** Ends this connection's blocking read, if there is one, through another connection; what Redis has already handed over still arrives. */
  async unblock(through: Connection): Promise<void> {
    if (this.#clientId !== undefined) await through.call('CLIENT', 'UNBLOCK', this.#clientId)
  }

  close(): void {
    this.#redis.disconnect()
  }
}

/** The connection for everything that doesn't block. @throws AppError `unavailable` without a Redis, `invalid` for one that may evict */
export async function connect(url: string, name: string, settings: Settings, log: Log): Promise<Connection> {
  const connection = new Connection(url, name, settings.commandMs * 2, settings.commandMs, log)
  try {
    await connection.ready(settings.connectMs)
    const policy = /maxmemory_policy:(\S+)/.exec(String(await connection.call('INFO', 'memory')))?.[1]
    if (policy !== 'noeviction') {
      throw new AppError(
        'invalid',
        `Redis has maxmemory-policy ${policy}; it must be noeviction, or messages vanish when memory runs short`,
        {
          code: 'redis-eviction',
        },
      )
    }
    return connection
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}
