import type { EndpointName } from '@afo/contracts'
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type AnswerOf, type Ask, ask, newKey } from './client.js'
import { toProblem } from './problem.js'

/** A question as the cache keeps it, keyed by its endpoint's name and what was asked. */
export const question = <N extends EndpointName>(name: N, input: Omit<Ask<N>, 'signal'> = {}) =>
  queryOptions({ queryKey: [name, input], queryFn: ({ signal }) => ask(name, { ...input, signal }) })

export const useAsk = <N extends EndpointName>(
  name: N,
  input: Omit<Ask<N>, 'signal'> = {},
  options: { enabled?: boolean; refetchInterval?: number; keep?: boolean } = {},
) => {
  const { keep, ...others } = options
  return useQuery({ ...question(name, input), ...others, ...(keep ? { placeholderData: keepPreviousData } : {}) })
}

/** A wish that changes something; what is shown of `touches` is asked for anew. */
export function useTell<N extends EndpointName>(name: N, touches: readonly EndpointName[] = []) {
  const client = useQueryClient()
  const telling = useMutation<AnswerOf<N>, Error, Ask<N>>({
    mutationFn: (input) => ask(name, input),
    onSuccess: () =>
      Promise.all(touches.map((touched) => client.invalidateQueries({ queryKey: [touched] }))).then(() => undefined),
  })
  // TanStack's own `mutate` forgets what to do afterwards once the row with the button is gone, as it is after most wishes.
  const mutate = (input: Ask<N>, { onSuccess, onError }: Afterwards<N> = {}) =>
    void telling.mutateAsync(input).then(onSuccess, onError ?? (() => undefined))
  return { ...telling, mutate }
}

interface Afterwards<N extends EndpointName> {
  readonly onSuccess?: (answer: AnswerOf<N>) => unknown
  readonly onError?: (error: Error) => unknown
}

/** What answers with a command to follow. */
type Commanding = {
  [N in EndpointName]: AnswerOf<N> extends { id: string; statusUrl: string } ? N : never
}[EndpointName]

/**
 * A key for each wish: what was not answered is repeated under its key, so that it can't happen twice; another wish, or one that was answered (if badly), has
 * a new one.
 */
export function useWishKey() {
  const last = useRef({ wish: '', key: '' })
  return {
    of(wish: unknown): string {
      const said = JSON.stringify(wish)
      if (last.current.wish !== said) last.current = { wish: said, key: newKey() }
      return last.current.key
    },
    settle(error?: Error): void {
      if (!error || toProblem(error).status !== 0) last.current = { wish: '', key: '' }
    },
  }
}

/** Starts a job and follows it. */
export function useJob<N extends Commanding>(name: N, params?: Ask<N>['params']) {
  const key = useWishKey()
  const [id, setId] = useState<string | null>(null)
  const client = useQueryClient()
  const start = useMutation<AnswerOf<N>, Error, object>({
    mutationFn: (body) => ask(name, { params, body, idempotencyKey: key.of(body) } as Ask<N>),
    onSuccess: async (accepted) => {
      key.settle()
      setId((accepted as { id: string }).id)
      await client.invalidateQueries({ queryKey: ['listCommands'] })
    },
    onError: key.settle,
  })
  return { start, id, forget: () => setId(null) }
}
