import type { Handler, HandlerContext } from '@afo/bus'
import { failureOf, type JobName, type Message, type NewMessage, type Progress } from '@afo/contracts'
import type { Db } from '@afo/db'
import { AppError, kinds, newId, repeat, sleep, type TimeScale, toAppError, toProblem } from '@afo/kit'

/** Numbers and words that end up in the command's row and in the sync log. `failed` above zero makes it a partial success. */
export type JobResult = Record<string, string | number | boolean | null | readonly unknown[]> & {
  readonly failed?: number
  readonly summary?: string
}

export interface JobOutcome {
  readonly result: JobResult
  readonly says?: readonly NewMessage[]
}

export interface JobContext extends HandlerContext {
  /** What was done and counted so far, where an earlier handling of this command was interrupted. */
  readonly before: { readonly done: number; readonly counts?: Counted | undefined } | null
  /** Call between batches: shows progress, and ends the job (by throwing) when it was cancelled or taken over. */
  readonly progress: (
    done: number,
    total: number | null,
    more?: { readonly note?: string; readonly counts?: Counted },
  ) => Promise<void>
}

type Counted = Readonly<Record<string, number>>

export type JobHandler<N extends JobName> = (message: Message<N>, ctx: JobContext) => Promise<JobOutcome>

export interface JobPorts {
  readonly db: Db
  /** This process, in whose hands a command is running. */
  readonly owner: string
  readonly scale: TimeScale
  /** Says what the work came to, before its end is written down: a crash in between repeats the work, not the end alone. */
  readonly publish: (messages: readonly NewMessage[], cause: Message) => Promise<void>
  /** Says progress at once, best effort: a lost one is replaced by the next. */
  readonly announce: (message: NewMessage, cause: Message) => Promise<void>
}

const BEAT_MS = 5_000
const OWNED_FOR_MS = 20_000

class Cancelled extends Error {}

/**
 * Makes a handler of a job: the command's row says running, progress, done or failed; a repeat of an ended command does nothing; of one that runs,
 * here or elsewhere, comes back later. What may be tried again goes back to the bus; what failed for good ends the command with its reason.
 */
export function jobs(given: JobPorts) {
  return <N extends JobName>(handle: JobHandler<N>): Handler<N> =>
    async (message, ctx) => {
      // A command may come twice to one process, or again while a handling that timed out still runs: each handling is an owner of its own.
      const ports = { ...given, owner: `${given.owner}:${newId()}` }
      const { db, owner, scale } = ports
      const started = await db.rpc('sync_command_start', {
        p_id: message.id,
        p_name: message.name,
        p_body: message.body as never,
        p_owner: owner,
        p_triggered_by: 'manual',
        p_beat_ms: scale.ms(OWNED_FOR_MS, 4_000),
      })
      if (started.why === 'busy') {
        throw new AppError('notReady', 'This command is being worked on', {
          countsAsAttempt: false,
          retryAfterMs: scale.ms(BEAT_MS, 500),
        })
      }
      if (!started.go) return [finished(message, started.state as 'done')]
      await ports.announce(
        say(message, 'job.started', { commandId: message.id, name: message.name }),
        message as Message,
      )
      return run(ports, handle, message, { ...ctx, before: started.progress ?? null })
    }
}

async function run<N extends JobName>(
  ports: JobPorts,
  handle: JobHandler<N>,
  message: Message<N>,
  ctx: Omit<JobContext, 'progress'>,
): Promise<readonly NewMessage[]> {
  const { db, owner, scale } = ports
  const lost = new AbortController()
  const beat = async (progress: (Progress & { counts?: Counted }) | null) => {
    const mine = await db.rpc('sync_command_beat', { p_id: message.id, p_owner: owner, p_progress: progress as never })
    if (mine !== true) lost.abort(new Cancelled())
    return mine === true
  }
  // Only its owner ends a command: whom a peer has replaced leaves the end to the peer.
  const finish = (state: 'done' | 'cancelled', result: JobResult | null) =>
    db.rpc('sync_command_finish', {
      p_id: message.id,
      p_state: state,
      p_result: result as never,
      p_problem: null,
      p_owner: owner,
    })
  const ended = new AbortController()
  // Work that goes on after it was told to stop is not kept by its beat: a peer may begin again.
  const working = AbortSignal.any([ctx.signal, ended.signal])
  const heart = async () => {
    await sleep(scale.ms(BEAT_MS, 500), working)
    if (!working.aborted) await beat(null)
    return 0
  }
  // One beat at a time: a database that is slow isn't made slower. A missed one is only a late sign of life; the next, or the work's own calls, will tell.
  void repeat(heart, working, (err) => ctx.log.warn({ err }, 'beat missed'))
  try {
    const outcome = await handle(message, {
      ...ctx,
      signal: AbortSignal.any([ctx.signal, lost.signal]),
      progress: async (done, total, { note, counts } = {}) => {
        const progress: Progress = { done, total, ...(note ? { note } : {}) }
        if (!(await beat({ ...progress, ...(counts ? { counts } : {}) }))) throw new Cancelled()
        await ports.announce(
          // Each progress is news: with a derived id the second would look like a repeat of the first.
          { ...say(message, 'job.progressed', { commandId: message.id, name: message.name, progress }), id: newId() },
          message as Message,
        )
      },
    })
    if (outcome.says && outcome.says.length > 0) await ports.publish(outcome.says, message as Message)
    return (await finish('done', outcome.result)) ? [finished(message, 'done')] : []
  } catch (thrown) {
    if (thrown instanceof Cancelled) {
      return (await finish('cancelled', null)) ? [finished(message, 'cancelled')] : []
    }
    const error = toAppError(thrown)
    const { consequence } = kinds[error.kind]
    if (consequence !== 'dead-letter' && consequence !== 'inbox') {
      // To be told to stop is no reason that anybody has to know.
      const why = ctx.signal.aborted ? null : problemOf(message.id, error)
      await db.rpc('sync_command_release', { p_id: message.id, p_owner: owner, p_problem: why })
      throw error
    }
    return (await failCommand(db, message.id, error, owner)) ? [finished(message, 'failed')] : []
  } finally {
    ended.abort()
  }
}

/** Ends a command as failed, with its reason. Answers whether it did: not where it has ended, or where another than `owner` works on it. */
export const failCommand = (db: Db, commandId: string, error: unknown, owner: string): Promise<boolean> =>
  db.rpc('sync_command_finish', {
    p_id: commandId,
    p_state: 'failed',
    p_result: null,
    p_problem: problemOf(commandId, error),
    p_owner: owner,
  })

/**
 * Ends a command whose message is dead as failed, unless somebody works on it: who was frozen on its last try doesn't fail it under a peer. Whether a beat that
 * is young is a peer's, or the last of a handling that ran out of time, shows a little later.
 */
export async function buryCommand(
  { db, scale, signal }: Pick<JobPorts, 'db' | 'scale'> & { readonly signal: AbortSignal },
  commandId: string,
  error: unknown,
): Promise<boolean> {
  const bury = () =>
    db.rpc('sync_command_bury', {
      p_id: commandId,
      p_problem: problemOf(commandId, error),
      // Of who died with the message the last beat is older: streams hand it on after a lease of 12 s.
      p_beat_ms: 2 * scale.ms(BEAT_MS, 500),
    })
  if (await bury()) return true
  await sleep(scale.ms(OWNED_FOR_MS, 4_000), signal)
  return bury()
}

/** With the row of the catalogue that explains it. */
function problemOf(commandId: string, error: unknown) {
  const problem = toProblem(error, commandId)
  return { ...problem, failure: failureOf(problem) } as never
}

type Subject = Pick<Message, 'id' | 'name'>

const finished = (message: Subject, state: 'done' | 'failed' | 'cancelled'): NewMessage =>
  say(message, 'job.finished', { commandId: message.id, name: message.name, state })

const say = <N extends 'job.started' | 'job.progressed' | 'job.finished'>(
  message: Subject,
  name: N,
  body: NewMessage<N>['body'],
): NewMessage => ({ name, key: message.id, body }) as NewMessage
