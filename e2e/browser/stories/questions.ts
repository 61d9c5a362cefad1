import { expect, test } from 'vitest'
import { violations } from '../axe.js'
import type { World } from '../world.js'

/** What only a person can answer about contacts: who is who, and which value is right. */
export function questions(world: World): void {
  test('a dry run shows what a sync would do, and nothing is written', async () => {
    const { admin, page, xero, rows } = world
    await rows.add('clients', { name: 'Dry Run Drainage', email: 'hello@dryrun.example' })
    await admin.go('Contacts', 'Dry run')
    await admin.press('Make a dry run')
    const row = page.getByRole('row').filter({ hasText: 'Dry Run Drainage' })
    await row.getByText('New contact in Xero').waitFor()
    expect((await xero.ledger()).contacts.map(({ Name }) => Name)).not.toContain('Dry Run Drainage')
  })

  test('two contacts fit one client: they stand side by side, and one click says which', async () => {
    const { admin, page, rows, xero } = world
    const shared = 'accounts@twins.example'
    for (const Name of ['Twin Peaks Roofing', 'Twin Peaks Guttering'])
      await xero.post('/contacts', { action: 'create', contact: { Name, EmailAddress: shared } })
    await rows.add('clients', { name: 'Twin Peaks', email: shared })
    await admin.go('Contacts', 'Clients')
    await admin.run('Sync clients', 'Sync clients and contacts')
    await admin.go('Inbox', 'Matches')
    const card = page.getByRole('article', { name: 'Which contact is Twin Peaks?' })
    expect(await card.getByRole('columnheader').count()).toBe(4)
    expect(await violations(page)).toEqual([])
    await card.getByRole('button', { name: /It is this one: contact \d, Twin Peaks Roofing/ }).click()
    await card.waitFor({ state: 'detached' })
    const [client] = await rows.of('clients?email=eq.accounts@twins.example&select=xero_contact_id')
    const roofing = (await xero.ledger()).contacts.find(
      ({ EmailAddress, ContactID }) => EmailAddress === shared && ContactID === client?.xero_contact_id,
    )
    expect(roofing).toBeDefined()
  })

  test('both sides changed one field: a person chooses, for all alike, and can take it back', async () => {
    const { admin, page, rows } = world
    await admin.go('Inbox', 'Conflicts')
    const shown = async () => Number(/of (\d+)$/.exec(await page.getByText(/^\d+ to \d+ of \d+$/).innerText())?.[1])
    const those = async (state: string) => (await rows.of(`xero_conflicts?state=eq.${state}&select=id`)).length
    await page
      .getByRole('radio', { name: /Xero’s: / })
      .first()
      .check()
    await admin.press(/^Same for \d+ more/)
    expect(await violations(page)).toEqual([])
    const save = page.getByRole('button', { name: /^Save \d+ choices$/ })
    const count = Number(/\d+/.exec(await save.innerText())?.[0])
    expect(count).toBeGreaterThan(1)
    await save.click()
    await world.text(`${count} conflicts are settled`)
    expect(await those('resolved')).toBe(count)
    // A sync may open another one at any moment.
    await expect.poll(async () => (await shown()) - (await those('open'))).toBe(0)
    const answered = page.waitForResponse(/conflicts\/undo$/)
    await admin.press('Take back')
    const { ids, refused } = await (await answered).json()
    // A client that was edited since keeps what was typed, and that is said.
    for (const { reason } of refused) await world.text(reason)
    await world.text(`${ids.length} answers taken back`)
    expect(ids.length + refused.length).toBe(count)
    expect(await those('undone')).toBe(ids.length)
  })

  test('one client stands beside its contact', async () => {
    const { admin, page } = world
    await admin.open('/contacts?link=linked', 'Contacts')
    await page.getByRole('table').getByRole('link').first().click()
    await page.getByRole('table', { name: 'Side by side' }).getByRole('columnheader', { name: 'In Xero' }).waitFor()
    expect(await violations(page)).toEqual([])
  })
}
