import { expect, test } from 'vitest'
import { violationsInBothThemes } from '../axe.js'
import { places } from '../office.js'
import type { World } from '../world.js'

/** The last is the usual one, which the next page finds again. */
const widths = [360, 768, 2560, 1280]

/** What every page owes to every reader. */
export function looks(world: World): void {
  test('no barrier on any page, in both themes, and nothing wider than the screen', async () => {
    const { page, admin } = world
    const found: string[] = []
    for (const [path, heading, tab] of Object.values(places)) {
      await admin.go(heading, tab)
      found.push(...(await violationsInBothThemes(page)).map((what) => `${path} ${what}`))
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        // The menu slides away first.
        await expect
          .poll(() => page.evaluate('document.documentElement.scrollWidth - innerWidth'), { timeout: 5_000 })
          .toBeLessThanOrEqual(0)
          .catch(() => found.push(`${path} is wider than ${width} px`))
      }
    }
    expect(found).toEqual([])
  })

  test('an address that leads nowhere says so', async () => {
    const { page, stack } = world
    await page.goto(`${stack.gatewayUrl}/app/nowhere`)
    await world.text('There is no such page')
  })
}
