import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const assets = fileURLToPath(new URL('../../../console/dist/assets/', import.meta.url))

/** What a first visit costs; every page's script together, so that no first load can be more. */
export function weight(): void {
  test('all script together is under 300 kB, gzipped', () => {
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
    const bytes = scripts.reduce((so, name) => so + gzipSync(readFileSync(join(assets, name))).length, 0)
    expect(scripts.length).toBeGreaterThan(3)
    expect(bytes).toBeLessThan(300_000)
  })
}
