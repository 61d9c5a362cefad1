import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import { places } from '../office.js'
import type { World } from '../world.js'

const widths = [360, 768, 1280, 2560]

/** What every page owes to every reader. */
export function looks(world: World): void {
  test('no barrier on any page, in both themes, and nothing wider than the screen', async () => {
    const { page, admin } = world
    const found: string[] = []
    for (const [path, heading] of Object.values(places)) {
      await page.emulateMedia({ colorScheme: 'light' })
      await admin.open(path, heading)
      found.push(...(await violations(page)).map((what) => `${path} light ${what}`))
      await page.emulateMedia({ colorScheme: 'dark' })
      found.push(...(await violations(page)).map((what) => `${path} dark ${what}`))
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        // The menu slides away first.
        await expect
          .poll(() => page.evaluate('document.documentElement.scrollWidth - innerWidth'), { timeout: 5_000 })
          .toBeLessThanOrEqual(0)
          .catch(() => found.push(`${path} is wider than ${width} px`))
      }
      await page.setViewportSize({ width: 1280, height: 900 })
    }
    await page.emulateMedia({ colorScheme: 'light' })
    expect(found).toEqual([])
  })

  test('an address that leads nowhere says so', async () => {
    const { page, stack } = world
    await page.goto(`${stack.gatewayUrl}/app/nowhere`)
    await world.text('There is no such page')
  })
}
