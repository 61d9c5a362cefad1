import type { TestProject } from 'vitest/node'
import { openDoor } from './postgres/door.js'

declare module 'vitest' {
  interface ProvidedContext {
    databaseDoor: string
  }
}

/** Once per test run, in vitest's own process. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const door = await openDoor()
  project.provide('databaseDoor', door.url)
  return door.close
}
