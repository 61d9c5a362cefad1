import { lookup } from 'node:dns/promises'

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
