import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { World } from './world.js'

const settleMs = 1000

/** Keeps a world in a file: about a second after a change and at the end, whole or not at all. */
export class Persistence {
  #timer: NodeJS.Timeout | undefined
  #dirty = false
  #lastMs = 0

  constructor(
    private readonly world: World,
    private readonly path: string,
  ) {}

  /** Takes over what the file holds, and watches from then on. @throws SyntaxError when the file is damaged */
  start(): void {
    const saved = read(this.path)
    if (saved !== undefined) this.world.restore(JSON.parse(saved))
    else this.#dirty = true
    this.world.onDirty(() => this.#schedule())
    if (this.#dirty) this.save()
  }

  save(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#dirty) return
    this.#dirty = false
    const started = performance.now()
    mkdirSync(dirname(this.path), { recursive: true })
    const temporary = `${this.path}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify(this.world.snapshot()), { mode: 0o600 })
    renameSync(temporary, this.path)
    this.#lastMs = performance.now() - started
  }

  // Big books take longer to write, so they are written less often.
  #schedule(): void {
    this.#dirty = true
    this.#timer ??= setTimeout(() => this.save(), Math.max(settleMs, this.#lastMs * 20)).unref()
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
