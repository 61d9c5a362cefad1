import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Closers, processEnvironment } from '@afo/kit'
import { freePort, type Replicas, type StackDetails, startStack } from '@afo/sandbox/stack'

export interface TestStack {
  /** As it is now: a process that was started again has another pid. */
  details(): StackDetails
  /** What the supervisor said, line by line. */
  readonly said: readonly string[]
  /** What each service has logged so far, by process. */
  logs(): ReadonlyMap<string, string>
  close(): Promise<void>
}

export interface TestStackOptions {
  readonly replicas?: Replicas
  readonly environment?: Readonly<Record<string, string>>
}

/** The whole stack as `npm start` runs it, on free ports and in a folder of its own: for `beforeAll`, closed in `afterAll`. */
export async function testStack({ replicas = {}, environment = {} }: TestStackOptions = {}): Promise<TestStack> {
  const stateDir = mkdtempSync(join(tmpdir(), 'ampedfieldops-stack-'))
  // Postgres runs as another user where this process is root.
  chmodSync(stateDir, 0o755)
  const closers = new Closers()
  closers.add('folder', () => rmSync(stateDir, { recursive: true, force: true }))
  const said: string[] = []
  const close = async () => {
    const [failure] = await closers.close()
    if (failure) throw failure
  }
  try {
    const port = String(await freePort())
    const details = await startStack(
      {
        stateDir,
        replicas,
        environment: { ...processEnvironment(), PORT: port, ...environment },
        say: (text) => said.push(text),
      },
      closers,
    )
    const logDir = join(stateDir, 'logs')
    const logs = () =>
      new Map(readdirSync(logDir).map((file) => [file.replace(/\.log$/, ''), readFileSync(join(logDir, file), 'utf8')]))
    return { details, said, logs, close }
  } catch (error) {
    await closers.close()
    throw error
  }
}
