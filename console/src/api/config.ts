export interface ConsoleConfig {
  readonly supabaseUrl: string
  readonly publishableKey: string
}

/** Where the gateway is: this origin, unless the pages were built for another one. */
export const backend: string = import.meta.env.VITE_BACKEND_URL ?? ''

let reading: Promise<ConsoleConfig> | undefined

/** Asks the gateway once where Supabase is; asks again after a failure. */
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
