import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Folder {
  readonly path: string
  /** Writes files into a new folder below and answers its path. */
  files(name: string, files: Readonly<Record<string, string>>): string
  remove(): void
}

/** A folder of a test's own that the user who runs Postgres can pass too. */
export function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'ampedfieldops-sandbox-'))
  chmodSync(path, 0o755)
  return {
    path,
    files: (name, files) => {
      const dir = join(path, name)
      mkdirSync(dir, { recursive: true })
      for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text)
      return dir
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
