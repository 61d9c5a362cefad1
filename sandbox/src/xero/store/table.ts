/** Undoes what a refused request has already done. */
export class Journal {
  #undo: (() => void)[] | undefined

  note(undo: () => void): void {
    this.#undo?.push(undo)
  }

  /** Runs `work`; its changes stay only if it answers `keep`. Nothing else runs in between, since all of it is synchronous. */
  atomically<T extends { readonly keep: boolean }>(work: () => T): T {
    const undo: (() => void)[] = []
    this.#undo = undo
    let kept = false
    try {
      const result = work()
      kept = result.keep
      return result
    } finally {
      this.#undo = undefined
      if (!kept) for (const step of undo.reverse()) step()
    }
  }
}

/** Rows that share a key; a row may have none or several. */
export class Index<T> {
  readonly #ids = new Map<string, Set<string>>()

  constructor(private readonly keysOf: (row: T) => string | readonly string[] | undefined) {}

  add(id: string, row: T): void {
    for (const key of this.#keys(row)) {
      const ids = this.#ids.get(key)
      if (ids) ids.add(id)
      else this.#ids.set(key, new Set([id]))
    }
  }

  remove(id: string, row: T): void {
    for (const key of this.#keys(row)) {
      const ids = this.#ids.get(key)
      ids?.delete(id)
      if (ids?.size === 0) this.#ids.delete(key)
    }
  }

  ids(key: string): readonly string[] {
    return [...(this.#ids.get(key) ?? [])]
  }

  has(key: string): boolean {
    return this.#ids.has(key)
  }

  clear(): void {
    this.#ids.clear()
  }

  #keys(row: T): readonly string[] {
    const keys = this.keysOf(row)
    return keys === undefined ? [] : typeof keys === 'string' ? [keys] : keys
  }
}

export type ChangeKind = 'CREATE' | 'UPDATE'

export interface TableOptions<T> {
  readonly id: (row: T) => string
  readonly journal: Journal
  readonly changed: () => void
  readonly indexes?: readonly Index<T>[]
}

/** Immutable rows by id, with secondary indexes and the order Xero lists by (last change, then id). */
export class Table<T extends { readonly updatedAt: number }> {
  readonly #rows = new Map<string, T>()
  readonly #options: TableOptions<T>
  #sorted: readonly T[] | undefined

  constructor(options: TableOptions<T>) {
    this.#options = options
  }

  get size(): number {
    return this.#rows.size
  }

  get(id: string): T | undefined {
    return this.#rows.get(id)
  }

  put(row: T): ChangeKind {
    const id = this.#options.id(row)
    const before = this.#rows.get(id)
    this.#set(id, row)
    this.#options.journal.note(() => this.#set(id, before))
    return before ? 'UPDATE' : 'CREATE'
  }

  delete(id: string): void {
    const before = this.#rows.get(id)
    if (!before) return
    this.#set(id, undefined)
    this.#options.journal.note(() => this.#set(id, before))
  }

  /** First row under a key of `index`. */
  by(index: Index<T>, key: string): T | undefined {
    const [id] = index.ids(key)
    return id === undefined ? undefined : this.#rows.get(id)
  }

  allBy(index: Index<T>, key: string): readonly T[] {
    return index.ids(key).flatMap((id) => this.#rows.get(id) ?? [])
  }

  all(): Iterable<T> {
    return this.#rows.values()
  }

  sorted(): readonly T[] {
    const { id } = this.#options
    this.#sorted ??= [...this.#rows.values()].sort((a, b) => a.updatedAt - b.updatedAt || (id(a) < id(b) ? -1 : 1))
    return this.#sorted
  }

  load(rows: Iterable<T>): void {
    this.clear()
    for (const row of rows) this.#set(this.#options.id(row), row)
  }

  clear(): void {
    this.#rows.clear()
    this.#sorted = undefined
    for (const index of this.#options.indexes ?? []) index.clear()
  }

  #set(id: string, row: T | undefined): void {
    const { indexes = [], changed } = this.#options
    const before = this.#rows.get(id)
    if (before) for (const index of indexes) index.remove(id, before)
    if (row) {
      this.#rows.set(id, row)
      for (const index of indexes) index.add(id, row)
    } else {
      this.#rows.delete(id)
    }
    this.#sorted = undefined
    changed()
  }
}
