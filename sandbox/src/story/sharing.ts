import { lookup } from 'node:dns/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Unexpected } from './http.js'
import { InXero } from './in-xero.js'

/** Messages that a process has handled well, as its own figures say. */
export async function handledBy(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text()
  const counts = [...text.matchAll(/^bus_handling_seconds_count\{[^}]*outcome="done"[^}]*\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

/** A service and how many messages each of its replicas has handled. */
export interface Share {
  readonly service: string
  readonly handled: readonly number[]
}

/** Asks every replica behind a name of the container network. */
export async function sharesOf(services: readonly string[], port: number): Promise<Share[]> {
  return Promise.all(
    services.map(async (service) => {
      const replicas = await lookup(service, { all: true, family: 4 })
      const handled = await Promise.all(replicas.map(({ address }) => handledBy(`http://${address}:${port}/metrics`)))
      return { service, handled: handled.sort((a, b) => b - a) }
    }),
  )
}

const patienceMs = 30_000

/** In Xero, somebody edits contacts one after the other; each is a message for contact-sync, and goes to the replica that has waited longest. */
export async function editContacts(xeroUrl: string, edits: number, port: number): Promise<void> {
  const inXero = new InXero(xeroUrl)
  const handled = async () => (await sharesOf(['contact-sync'], port)).flatMap((s) => s.handled).reduce((a, b) => a + b)
  const active = (await inXero.ledger()).contacts.filter(({ ContactStatus }) => ContactStatus === 'ACTIVE')
  for (const [i, { ContactID }] of active.slice(0, edits).entries()) {
    const before = await handled()
    await inXero.editContact(ContactID, { FirstName: `Sam ${i + 1}` })
    const deadline = Date.now() + patienceMs
    while ((await handled()) === before) {
      if (Date.now() > deadline) throw new Unexpected('contact-sync does not hear of a contact that was edited in Xero')
      await wait(50)
    }
  }
}

/** What is wrong with how the work was shared: of several replicas at least two must have had some. */
export const unshared = (shares: readonly Share[]): string[] =>
  shares
    .filter(({ handled }) => handled.length > 1 && handled.filter((count) => count > 0).length < 2)
    .map(({ service, handled }) => `one of ${handled.length} ${service} did all the work`)

export const printShares = (shares: readonly Share[]): string =>
  [
    '  Messages handled, by replica:',
    ...shares.map(({ service, handled }) => `    ${service.padEnd(14)}${handled.join(' + ')}`),
    '',
    '',
  ].join('\n')
