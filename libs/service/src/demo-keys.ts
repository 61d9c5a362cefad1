import { ConfigError, type Environment } from '@afo/kit'

/** The keys of deploy/demo.env, which everybody knows (a test holds the two together). */
export const demoKeys: Readonly<Record<string, string>> = {
  ENCRYPTION_KEY: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  SERVICE_TOKEN: 'demo-service-token',
  SUPABASE_SERVICE_ROLE_KEY: 'sb_secret_demo',
  XERO_WEBHOOK_KEY: 'demo-webhook-key',
}
/** The stand-in that they may guard. */
export const demoSupabaseUrl = 'http://supabase:54321'

/**
 * Whether this is the demo in containers.
 * @throws ConfigError when a key of the demo's is to guard anything else
 */
export function isDemo(environment: Environment): boolean {
  const known = Object.keys(demoKeys).filter((name) => environment[name] === demoKeys[name])
  if (known.length === 0) return false
  if (environment.SUPABASE_URL?.replace(/\/$/, '') === demoSupabaseUrl) return true
  throw new ConfigError(
    known.map((name) => `${name} is the demo's, which everybody knows: make your own (docs/DEPLOYMENT.md, Keys)`),
  )
}
