import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { StackDetails } from '@afo/sandbox/stack'
import { freePort } from '@afo/sandbox/stack'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { root } from './workspaces.js'

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const listening = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })

/** Children of a process, as the system knows them. */
function childrenOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child ? [child] : []))
}

/** `npm start` as a person runs it. */
describe('npm start', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'ampedfieldops-start-'))
  let npm: ChildProcess | undefined
  beforeAll(() => chmodSync(stateDir, 0o755))
  afterEach(async () => {
    if (npm?.exitCode === null && npm.signalCode === null) {
      npm.kill('SIGTERM')
      await once(npm, 'exit')
    }
  }, 60_000)
  afterAll(() => rmSync(stateDir, { recursive: true, force: true }))

  async function start(...args: string[]): Promise<StackDetails> {
    npm = spawn('npm', ['start', '--silent', '--', '--json', ...args], {
      cwd: root,
      env: { ...process.env, STATE_DIR: stateDir, PORT: String(await freePort()) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(npm, 'exit').then(() => Promise.reject(new Error(`npm start ended:\n${said}`)))
    let said = ''
    npm.stderr?.on('data', (data) => {
      said += data
    })
    const [line] = await Promise.race([once(createInterface({ input: npm.stdout as Readable }), 'line'), ended])
    ended.catch(() => undefined)
    return JSON.parse(line)
  }

  const postgresPid = () =>
    Number(readFileSync(join(stateDir, 'supabase', 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
  const standing = async ({ processes, redisUrl, supabaseUrl, xeroUrl }: StackDetails, postgres: number) => ({
    alive: processes.filter(({ pid }) => alive(pid)).map(({ name }) => name),
    postgres: alive(postgres),
    redis: await listening(redisUrl),
    supabase: await listening(supabaseUrl),
    xero: await listening(xeroUrl),
  })
  const nothing = { alive: [], postgres: false, redis: false, supabase: false, xero: false }

  /** One more in the same folder: its exit code, and what it said. */
  async function another(): Promise<readonly [unknown, string]> {
    const second = spawn('npm', ['start', '--silent', '--', '--json'], {
      cwd: root,
      env: { ...process.env, STATE_DIR: stateDir, PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    second.stderr?.on('data', (data) => {
      said += data
    })
    const [code] = await once(second, 'exit')
    return [code, said]
  }

  test('says in one line how to reach everything; a second one says who is there; SIGTERM to npm ends it all', async () => {
    const details = await start('--replicas', 'invoicing=3')
    expect(details).toMatchObject({
      gatewayUrl: expect.stringMatching(/^http:/),
      publishableKey: expect.any(String),
      secretKey: expect.any(String),
      databaseUrl: expect.stringMatching(/^postgres:/),
      xeroApp: { clientId: expect.stringMatching(/^[0-9A-F]{32}$/), clientSecret: expect.any(String) },
      tokenUrl: expect.stringMatching(/\/token$/),
      serviceToken: expect.any(String),
      webhookKey: expect.any(String),
      admin: { email: expect.any(String), password: expect.any(String) },
    })
    const names = details.processes.map(({ name }) => name)
    expect(names.filter((name) => name === 'invoicing')).toHaveLength(3)
    expect(names).toEqual(expect.arrayContaining(['gateway', 'xero-auth', 'contact-sync', 'item-sync', 'payments']))
    expect(await another()).toEqual([1, expect.stringContaining('is running already')])
    const health = await Promise.all(
      details.processes.map(({ healthUrl }) => fetch(healthUrl).then(({ status }) => status)),
    )
    expect(new Set(health)).toEqual(new Set([200]))
    const postgres = postgresPid()
    npm?.kill('SIGTERM')
    await once(npm as ChildProcess, 'exit')
    await expect.poll(() => standing(details, postgres), { timeout: 30_000 }).toEqual(nothing)
  }, 150_000)

  test.each(['npm', 'the supervisor'])(
    'leaves nothing behind when %s is killed without warning',
    async (who) => {
      const details = await start()
      const postgres = postgresPid()
      const pid = npm?.pid ?? 0
      const [supervisor = 0] = childrenOf(pid)
      process.kill(who === 'npm' ? pid : supervisor, 'SIGKILL')
      await expect.poll(() => standing(details, postgres), { timeout: 40_000, interval: 250 }).toEqual(nothing)
      await expect.poll(() => alive(supervisor), { timeout: 10_000 }).toBe(false)
    },
    150_000,
  )
})
