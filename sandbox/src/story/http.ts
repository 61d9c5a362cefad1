import { z } from 'zod'

const timeoutMs = 30_000

/** An answer that isn't what the story needs; the message is the server's own. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

const problem = z.object({ title: z.string(), detail: z.string().optional() })

/** One request, its answer parsed. @throws Unexpected with the problem document's words */
export async function ask<S extends z.ZodType>(url: string, answer: S, init: RequestInit = {}): Promise<z.output<S>> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs), ...init })
  const text = await response.text()
  if (!response.ok) {
    const said = problem.safeParse(parseJson(text))
    const words = said.success ? `${said.data.title}. ${said.data.detail ?? ''}` : text.slice(0, 300)
    throw new Unexpected(`${init.method ?? 'GET'} ${new URL(url).pathname} answered ${response.status}: ${words}`)
  }
  return answer.parse(parseJson(text))
}

export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
