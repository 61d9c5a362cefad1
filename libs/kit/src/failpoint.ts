import { readFileSync, rmSync } from 'node:fs'
import { AppError } from './errors.js'

let armedBy: string | undefined

/**
 * For tests of crashes: from now on the file says, by its text, at which point this process is to be killed. Nobody sets it outside of tests.
 * @throws AppError `invalid` in production
 */
export function armFailpoints(file: string | undefined, production: boolean): void {
  if (file !== undefined && production)
    throw new AppError('invalid', 'FAILPOINT_FILE is for tests; NODE_ENV=production refuses it')
  armedBy = file
}

/**
 * A named place between two effects, where a crash would hurt most. Does nothing unless a test armed it: then the process ends there as by
 * `kill -9`. Taking the file away settles who dies, so one name kills one process, once.
 */
export function failpoint(name: string): void {
  if (armedBy === undefined) return
  try {
    if (readFileSync(armedBy, 'utf8').trim() !== name) return
    rmSync(armedBy)
  } catch {
    return
  }
  process.kill(process.pid, 'SIGKILL')
}
