import { z } from 'zod'
import { id } from '../text.js'
import { rpc } from './define.js'

const json = z.json()
const none = z.null()
const asker = { p_asked_by: z.string(), p_key: z.string() }

/** The gateway's database functions. */
export const gatewayRpcs = {
  sync_idempotency_begin: rpc(
    z.object({ ...asker, p_fingerprint: z.string(), p_lease_ms: z.int(), p_kept_ms: z.int() }),
    z.discriminatedUnion('state', [
      /** Go on; `execution` is the same for every try under this key. */
      z.object({ state: z.literal('go'), execution: id }),
      z.object({ state: z.literal('running') }),
      z.object({ state: z.literal('other') }),
      z.object({ state: z.literal('ended'), status: z.int(), answer: json }),
    ]),
  ),
  sync_idempotency_end: rpc(z.object({ ...asker, p_execution: id, p_status: z.int(), p_answer: json }), none),
  sync_idempotency_release: rpc(z.object({ ...asker, p_execution: id }), none),
} as const
