import { z } from 'zod'
import { withDatabase } from './database.js'

export interface NewUser {
  readonly email: string
  readonly password: string
  readonly admin?: boolean | undefined
}

interface AuthDoor {
  readonly url: string
  readonly publishableKey: string
  readonly databaseUrl: string
}

/** Signs a user up as anyone can, then makes it an admin if asked: only the database's owner can do that. Harmless when it is there already. */
export async function createUser(
  { url, publishableKey, databaseUrl }: AuthDoor,
  { email, password, admin = false }: NewUser,
): Promise<void> {
  const response = await fetch(`${url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const answer: unknown = await response.json()
  if (!response.ok && !refusedAsKnown.safeParse(answer).success) {
    throw new Error(`Supabase did not take the user ${email}: ${response.status} ${JSON.stringify(answer)}`)
  }
  if (admin && !(await makeAdmin(databaseUrl, email)))
    throw new Error(`The user ${email} can't be found after it was made`)
}

const refusedAsKnown = z.object({ error_code: z.enum(['user_already_exists', 'email_exists']) })

/** Gives a user the role that the gateway asks for (`app_metadata.role`, which only the server can write). Answers whether the user exists. */
export function makeAdmin(databaseUrl: string, email: string): Promise<boolean> {
  return withDatabase(databaseUrl, async (sql) => {
    // Read, change and write whole: Supabase Lite keeps JSON text in this column, where `||` would make an array.
    const [user] = await sql<
      { id: string; meta: unknown }[]
    >`select id, raw_app_meta_data as meta from auth.users where lower(email) = lower(${email})`
    if (!user) return false
    const meta = metaSchema.parse(typeof user.meta === 'string' ? JSON.parse(user.meta) : (user.meta ?? {}))
    await sql`update auth.users set raw_app_meta_data = ${JSON.stringify({ ...meta, role: 'admin' })}::jsonb where id = ${user.id}`
    return true
  })
}

const metaSchema = z.record(z.string(), z.unknown())
