import type { Environment } from '@afo/kit'

export interface SupabaseAddress {
  readonly url: string
  readonly secretKey: string
  readonly publishableKey: string | null
  readonly databaseUrl: string | null
}

export interface XeroAddress {
  readonly apiUrl: string
  readonly identityUrl: string
  readonly loginUrl: string
}

/** What the environment says is there already and mustn't be started. */
export interface Outside {
  readonly redisUrl?: string
  readonly supabase?: SupabaseAddress
  readonly xero?: XeroAddress
}

const realXero = {
  apiUrl: 'https://api.xero.com',
  identityUrl: 'https://identity.xero.com',
  loginUrl: 'https://login.xero.com',
}

/** @throws naming the variable that is missing beside a given one */
export function readOutside(environment: Environment): Outside {
  const get = (name: string) => environment[name] || undefined
  const supabaseUrl = get('SUPABASE_URL')
  const secretKey = get('SUPABASE_SERVICE_ROLE_KEY')
  if (supabaseUrl && !secretKey) throw new Error('SUPABASE_URL is set, SUPABASE_SERVICE_ROLE_KEY is missing')
  const [apiUrl, identityUrl, loginUrl] = [get('XERO_API_URL'), get('XERO_IDENTITY_URL'), get('XERO_LOGIN_URL')]
  const redisUrl = get('REDIS_URL')
  return {
    ...(redisUrl ? { redisUrl } : {}),
    ...(supabaseUrl && secretKey
      ? {
          supabase: {
            url: supabaseUrl,
            secretKey,
            publishableKey: get('SUPABASE_PUBLISHABLE_KEY') ?? null,
            databaseUrl: get('DATABASE_URL') ?? null,
          },
        }
      : {}),
    ...(apiUrl || identityUrl || loginUrl
      ? {
          xero: {
            apiUrl: apiUrl ?? realXero.apiUrl,
            identityUrl: identityUrl ?? realXero.identityUrl,
            loginUrl: loginUrl ?? realXero.loginUrl,
          },
        }
      : {}),
  }
}
