import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { processEnvironment } from '@afo/kit'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    databaseDoor: string
  }
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Once per test run, in vitest's own process. What runs as a process of its own, the stand-in Supabase's too, runs what is compiled here. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!processEnvironment().COMPILED) execFileSync('node_modules/.bin/tsc', ['-b'], { cwd: root, stdio: 'inherit' })
  const { openDoor } = await import('./postgres/door.js')
  const door = await openDoor()
  project.provide('databaseDoor', door.url)
  return door.close
}
