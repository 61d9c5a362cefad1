import type { ConsoleConfig } from '@afo/contracts'
import { useQuery } from '@tanstack/react-query'

/** Where the gateway is: this origin, unless the pages were built for another one. */
export const backend: string = import.meta.env.VITE_BACKEND_URL ?? ''

let reading: Promise<ConsoleConfig> | undefined

/** Asks the gateway once where Supabase and Xero are; asks again after a failure. */
export function readConfig(): Promise<ConsoleConfig> {
  reading ??= fetch(`${backend}/app/config.json`)
    .then((response) => {
      if (!response.ok) throw new Error(`config.json answered ${response.status}`)
      return response.json() as Promise<ConsoleConfig>
    })
    .catch((error: unknown) => {
      reading = undefined
      throw error
    })
  return reading
}

/** Where people find things in Xero; null until it is known. */
export const useXeroPlaces = (): ConsoleConfig['xero'] | null =>
  useQuery({ queryKey: ['config.json'], queryFn: readConfig, staleTime: Number.POSITIVE_INFINITY }).data?.xero ?? null
