import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import type { World } from '../world.js'

const tooLong = (name: string) => `${name} ${'Limited '.repeat(40)}`

/** What can't go on by itself: fixed and tried again, paused, or put back on its stream. */
export function stuck(world: World): void {
  const card = (name: string) => world.page.getByRole('article').filter({ hasText: name })
  const fix = (name: string) => world.rows.change(`clients?name=like.${name}*`, { name: `${name} Limited` })
  const inXero = async () => (await world.xero.ledger()).contacts.map(({ Name }) => Name)

  test('what failed is tried again once its cause is gone: one by its button, several together', async () => {
    const { admin, page, rows } = world
    const names = ['Overlong One', 'Overlong Two', 'Overlong Three']
    await rows.add(
      'clients',
      names.map((name, i) => ({ name: tooLong(name), email: `overlong${i}@stuck.example` })),
    )
    await admin.go('Contacts', 'Clients')
    await admin.run('Sync clients', 'Sync clients and contacts')
    await admin.open('/inbox?q=Overlong', 'Inbox')
    for (const name of names) await card(name).waitFor()
    await fix('Overlong One')
    await card('Overlong One').getByRole('button', { name: 'Try again' }).click()
    await card('Overlong One').waitFor({ state: 'detached' })
    expect(await inXero()).toContain('Overlong One Limited')
    for (const name of ['Overlong Two', 'Overlong Three']) {
      await fix(name)
      await card(name).getByRole('checkbox').check()
    }
    await admin.press('Try 2 again')
    for (const name of ['Overlong Two', 'Overlong Three']) {
      await card(name).waitFor({ state: 'detached' })
      expect(await inXero()).toContain(`${name} Limited`)
    }
    expect(await page.getByText('Nothing fits').count()).toBe(1)
  })

  test('all work is paused: what is asked for waits, and goes on when it may', async () => {
    const { admin, page, rows } = world
    await admin.go('Overview')
    await admin.press('Pause all work')
    await page.getByRole('button', { name: 'Let work go on' }).waitFor()
    await admin.go('Items')
    const job = page.getByRole('status').filter({ hasText: 'Import items' })
    const start = page.getByRole('button', { name: 'Import items', exact: true })
    await start.click()
    // A service asks every two seconds whether it may work, so the first wish can slip through.
    await expect
      .poll(async () => {
        if (await job.getByText('Done').isVisible()) await start.click()
        return job.getByText('Waiting', { exact: true }).isVisible()
      })
      .toBe(true)
    await admin.go('Overview')
    await admin.press('Let work go on')
    await page.getByRole('button', { name: 'Pause all work' }).waitFor()
    await expect.poll(() => rows.of('commands?state=in.(queued,running)&select=name')).toEqual([])
    expect(await rows.of('sync_pauses?select=*')).toEqual([])
  })

  test('Xero answers nothing for a while: the run that waits says so, and is done without another press', async () => {
    const { admin, page, xero } = world
    await xero.post('/faults', { kind: 'error-503', times: 2, match: { path: '/Items' } })
    await admin.go('Items')
    const job = page.getByRole('status').filter({ hasText: 'Import items' })
    await page.getByRole('button', { name: 'Import items', exact: true }).click()
    await job.getByText('It is tried again by itself. The last try: Xero is not available at the moment').waitFor()
    expect(await violations(page)).toEqual([])
    await job.getByText('Done').waitFor()
  })

  test('a message that no service can read is kept; put back, it comes again as long as nobody can', async () => {
    const { admin, page, stack } = world
    const redis = new Redis(stack.redisUrl)
    try {
      await redis.xadd('{afo}:commands.item-sync', '*', 'm', '{"name":"items.of-a-later-version"}')
      await admin.go('Inbox', 'Dead letters')
      const letter = page.getByRole('table', { name: 'Dead letters' }).getByRole('row').filter({ hasText: 'item-sync' })
      const last = async () => (await redis.xrevrange('{afo}:dead.item-sync', '+', '-', 'COUNT', 1))[0]?.[0]
      await expect.poll(last).toBeDefined()
      const before = await last()
      await page.reload()
      await letter.waitFor()
      expect(await violations(page)).toEqual([])
      await letter.getByRole('button', { name: /^Put back/ }).click()
      await world.text('Put back on its stream')
      await expect.poll(last).not.toBe(before)
      await redis.del('{afo}:dead.item-sync')
      await page.reload()
      await world.text('No dead letters')
    } finally {
      redis.disconnect()
    }
  })
}
