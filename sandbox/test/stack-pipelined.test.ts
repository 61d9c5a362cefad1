import { connectDatabase } from '@afo/sandbox/supabase'
import { testDatabase } from '@afo/testing'
import { expect, test } from 'vitest'
import { pipelined } from '../src/supabase/pipelined.js'

test('what is said before a request is in force for it, and what is wrong with it fails the request by its own name', async () => {
  const database = await testDatabase()
  const sql = connectDatabase(database.databaseUrl, { max: 1 })
  pipelined(sql)
  const connection = await sql.reserve()
  const say = async (role: string) => {
    await connection.unsafe('begin')
    await connection.unsafe("SELECT set_config('role', $1, true)", [role])
    await connection.unsafe("SELECT set_config('response.status', '', true)")
    await connection.unsafe("SELECT set_config('request.path', $1, true)", ['/rest/v1/things'])
  }
  try {
    await say('service_role')
    const asked = "select current_user::text as who, current_setting('request.path') as path"
    expect([...(await connection.unsafe(asked))]).toEqual([{ who: 'service_role', path: '/rest/v1/things' }])
    await connection.unsafe('commit')
    await say('nobody_of_that_name')
    for (const text of ['select 1', 'select 2', 'commit'])
      await expect(connection.unsafe(text), text).rejects.toThrow('nobody_of_that_name')
    await connection.unsafe('rollback')
  } finally {
    connection.release()
    await sql.end()
    await database.close()
  }
})
