import { createUser, withDatabase } from '@afo/sandbox/supabase'
import type { TestDatabase } from './database.js'

/** Who works in every test's database, by role. */
const people = { admin: 'ada@example.com', accountant: 'alan@example.com', nobody: 'nobody@example.com' }
const password = 'correct horse battery staple'
/** Of that password, at bcrypt's lowest cost: at the usual one every sign-in takes a tenth of a second of a processor. */
const hash = '$2b$04$FPY8Bl/NbCCNA6YIbPSBGOlx.0gM2NiRLyCkZG1XHIPXi.b.9Gh0a'

/** Signs them up, as anyone can, and gives them their roles. */
export async function employ(door: { url: string; publishableKey: string; databaseUrl: string }): Promise<void> {
  for (const [role, email] of Object.entries(people))
    await createUser(door, { email, password, admin: role === 'admin' })
  await withDatabase(door.databaseUrl, async (sql) => {
    await sql`update auth.users set encrypted_password = ${hash}`
    await sql`update auth.users set raw_app_meta_data = '{"role":"accountant"}'::jsonb where email = ${people.accountant}`
  })
}

/** An access token of this person's. */
export async function signIn(db: TestDatabase, email: string): Promise<string> {
  const response = await fetch(`${db.supabaseUrl}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: db.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const answer = (await response.json()) as { access_token?: string }
  if (!answer.access_token) throw new Error(`${email} could not sign in: ${response.status} ${JSON.stringify(answer)}`)
  return answer.access_token
}

/** Access tokens of them all. */
export const signInAll = async (db: TestDatabase): Promise<Readonly<Record<keyof typeof people, string>>> => ({
  admin: await signIn(db, people.admin),
  accountant: await signIn(db, people.accountant),
  nobody: await signIn(db, people.nobody),
})
