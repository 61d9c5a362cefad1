import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Closers, processEnvironment } from '@afo/kit'
import { freePort, startStack } from '@afo/sandbox/stack'

/** What would make the stack use somebody's own instead of starting its own. */
const outside = /^(REDIS_URL|DATABASE_URL|SUPABASE_|XERO_)/

/**
 * The whole product beside its stand-ins, each a process of its own, as `npm start` has it.
 * @param timeScale how much faster than life its limits, leases and schedules are
 */
export async function openOffice(timeScale: number) {
  const stateDir = await mkdtemp(join(tmpdir(), 'ampedfieldops-bench-'))
  // Postgres runs as another user where this process is root.
  await chmod(stateDir, 0o755)
  const closers = new Closers()
  const close = async () => {
    await closers.close()
    await rm(stateDir, { recursive: true, force: true })
  }
  const environment = {
    ...Object.fromEntries(Object.entries(processEnvironment()).filter(([name]) => !outside.test(name))),
    ...(timeScale === 1 ? {} : { NODE_ENV: 'test', TIME_SCALE: String(timeScale) }),
    LOG_LEVEL: 'warn',
    PORT: String(await freePort()),
  }
  try {
    const details = (await startStack({ stateDir, fresh: true, environment, say: () => undefined }, closers))()
    const { databaseUrl, publishableKey, admin, xeroApp } = details
    if (!databaseUrl || !publishableKey || !admin || !xeroApp) throw new Error('The bench needs stand-ins of its own')
    return { ...details, databaseUrl, publishableKey, admin, xeroApp, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}
