import { expect, test } from 'vitest'
import type { World } from '../world.js'

/** Everything that reached the browser in all the stories before. */
export function secrets(world: World): void {
  test('no secret reached the browser, and no script broke or was refused', async () => {
    const { stack, seen, page, rows } = world
    const tokens = await rows.of('xero_tokens?select=access_token,refresh_token,id_token')
    const settings = await rows.of('app_settings?select=value&is_encrypted=is.true')
    const hidden = [
      stack.xeroApp.clientSecret,
      stack.secretKey,
      stack.serviceToken,
      stack.webhookKey,
      ...[...tokens, ...settings].flatMap((row) => Object.values(row).filter((value) => typeof value === 'string')),
    ]
    const texts = await seen.texts()
    expect(texts.length).toBeGreaterThan(50)
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])')
    for (const secret of hidden) {
      expect(texts.filter((answer) => answer.includes(secret))).toEqual([])
      expect(kept).not.toContain(secret)
    }
    expect(seen.errors).toEqual([])
  })
}
