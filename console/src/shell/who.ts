import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, ask } from '../api/client.js'
import { signedInEmail } from '../api/session.js'

type Me = AnswerOf<'readMe'>
interface Remembered {
  readonly who: string
  readonly at: number
  readonly me: Me
}

const KEY = 'afo-me'
const GOOD_FOR_MS = 300_000

/** What was answered in this tab a moment ago: a page loaded anew needs no question, and the door counts these strictly. */
function remembered(): Remembered | undefined {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Remembered | null
  return kept?.who === signedInEmail() ? kept : undefined
}

async function readMe(signal: AbortSignal): Promise<Me> {
  sessionStorage.removeItem(KEY)
  const me = await ask('readMe', { signal })
  sessionStorage.setItem(KEY, JSON.stringify({ who: signedInEmail(), at: Date.now(), me }))
  return me
}

/** Who is signed in. What may be seen and done is the gateway's to judge, each time; this only chooses what to show. */
export const useMe = () =>
  useQuery({
    queryKey: ['readMe'],
    queryFn: ({ signal }) => readMe(signal),
    staleTime: GOOD_FOR_MS,
    initialData: () => remembered()?.me,
    initialDataUpdatedAt: () => remembered()?.at,
  })

/** Accountants see everything and change nothing. */
export const useMayChange = (): boolean => useMe().data?.role === 'admin'
