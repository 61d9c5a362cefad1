import type { EndpointName, endpoints } from '@afo/contracts'
import { backend } from './config.js'
import { Problem, problemOf, unreachable } from './problem.js'
import { accessToken } from './session.js'

/** Filled in by the build: vite.config.ts. */
declare const ROUTES: Readonly<Record<EndpointName, readonly ['get' | 'post' | 'put' | 'patch' | 'delete', string]>>

type Table = typeof endpoints
// What zod keeps of a schema's types; zod itself stays out.
type In<S> = S extends { _zod: { input: infer I } } ? I : never
type Body<N extends EndpointName> = In<NonNullable<Table[N]['body']>>
type QueryKey<N extends EndpointName> = keyof In<NonNullable<Table[N]['query']>> & string
type Answer<R> = R extends { 200: infer S } ? Out<S> : R extends { 202: infer S } ? Out<S> : undefined
type Out<S> = S extends { _zod: { output: infer O } } ? O : undefined

/** What is asked along; all of it follows from the contracts. */
export interface Ask<N extends EndpointName> {
  params?: In<NonNullable<Table[N]['params']>>
  query?: { [K in QueryKey<N>]?: string | number | boolean | null | undefined }
  body?: Body<N>
  signal?: AbortSignal
  /** Makes a repeat harmless: the same key is the same wish. */
  idempotencyKey?: string
}
export type AnswerOf<N extends EndpointName> = Answer<Table[N]['answers']>

/** Asks the gateway. @throws Problem */
export async function ask<N extends EndpointName>(name: N, input: Ask<N> = {}): Promise<AnswerOf<N>> {
  const response = await answerTo(name, input)
  return (response.status === 204 ? undefined : await response.json()) as AnswerOf<N>
}

/** Renews the session once when it is refused. @throws Problem */
export async function answerTo<N extends EndpointName>(name: N, input: Ask<N> = {}): Promise<Response> {
  const token = await accessToken()
  let response = await send(name, input, token)
  if (response.status === 401 && token !== null) {
    const renewed = await accessToken(token)
    if (renewed !== null) response = await send(name, input, renewed)
  }
  if (!response.ok) throw await problemOf(response)
  return response
}

async function send<N extends EndpointName>(name: N, input: Ask<N>, token: string | null): Promise<Response> {
  if (token === null) throw new Problem({ status: 401, title: 'Signed out', detail: '', code: 'signed-out' })
  const [method, path] = ROUTES[name]
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` }
  if (input.idempotencyKey) headers['Idempotency-Key'] = input.idempotencyKey
  const sends = method !== 'get' && method !== 'delete'
  if (sends) headers['Content-Type'] = 'application/json'
  return fetch(backend + fill(path, input.params ?? {}) + search(input.query ?? {}), {
    method: method.toUpperCase(),
    headers,
    ...(sends ? { body: JSON.stringify(input.body ?? {}) } : {}),
    ...(input.signal ? { signal: input.signal } : {}),
  }).catch((error) => {
    if (input.signal?.aborted) throw error
    throw unreachable(error)
  })
}

const fill = (path: string, params: object): string =>
  path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String((params as Record<string, unknown>)[key])))

function search(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return given.length > 0 ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}` : ''
}

/** A key for one wish of the person; also where the page isn't a secure context. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
