import { newId } from '@afo/kit'

export interface Connection {
  readonly id: string
  readonly tenantId: string
  readonly authEventId: string
  readonly tenantType: 'ORGANISATION'
  readonly tenantName: string
  readonly createdDateUtc: string
  readonly updatedDateUtc: string
  readonly userId: string
  readonly clientId: string
}

/** Which organisations a user has connected to which app. A token reaches all of them, whichever consent it came from. */
export class Connections {
  #connections: Connection[] = []

  constructor(private readonly dirty: () => void) {}

  connect(
    userId: string,
    clientId: string,
    tenants: readonly { id: string; name: string }[],
    authEventId: string,
    now: number,
  ): void {
    const at = xeroTime(now)
    for (const { id: tenantId, name: tenantName } of tenants) {
      const before = this.find(userId, clientId, tenantId)
      const id = before?.id ?? newId()
      const createdDateUtc = before?.createdDateUtc ?? at
      this.#connections = this.#connections.filter((c) => c !== before)
      this.#connections.push({
        id,
        tenantId,
        authEventId,
        tenantType: 'ORGANISATION',
        tenantName,
        createdDateUtc,
        updatedDateUtc: at,
        userId,
        clientId,
      })
    }
    this.dirty()
  }

  find(userId: string, clientId: string, tenantId: string): Connection | undefined {
    return this.#connections.find((c) => c.userId === userId && c.clientId === clientId && c.tenantId === tenantId)
  }

  of(userId: string, clientId: string): readonly Connection[] {
    return this.#connections.filter((c) => c.userId === userId && c.clientId === clientId)
  }

  list(): readonly Connection[] {
    return this.#connections
  }

  remove(matches: (connection: Connection) => boolean): number {
    const before = this.#connections.length
    this.#connections = this.#connections.filter((c) => !matches(c))
    if (this.#connections.length !== before) this.dirty()
    return before - this.#connections.length
  }

  restore(connections: readonly Connection[]): void {
    this.#connections = [...connections]
  }
}

/** As `/connections` writes times: seven decimals and no zone, though it is UTC. */
const xeroTime = (ms: number) => `${new Date(ms).toISOString().slice(0, -1)}0000`

/** What `/connections` shows: not whose it is. */
export function connectionElement({ userId: _userId, clientId: _clientId, ...shown }: Connection): object {
  return shown
}
