import type { EndpointName } from '@afo/contracts'
import { type Ask, answerTo } from './client.js'

/** Keeps an answer as a file. A plain link could not carry the session. @throws Problem */
export async function download<N extends EndpointName>(name: N, input: Ask<N>, fallbackName: string): Promise<void> {
  const response = await answerTo(name, input)
  const said = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = said ?? fallbackName
  link.click()
  // Some browsers read the file only after the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
