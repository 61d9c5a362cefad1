import type { xeroAuth } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { z } from 'zod'
import { requireLive } from '../core/live.js'
import { spellOutLinks } from '../core/organisations.js'
import type { Connection, Ports } from '../ports.js'

/** What may be chosen: the organisations of the consent that waits, else all that the connection reaches. */
async function choices({ store, connections, tokens }: Ports) {
  const { current, pending } = await store.read()
  if (pending) return { source: pending, current, organisations: pending.organisations }
  const live = await tokens.current()
  const listed = await connections.list(live.tokens.accessToken)
  const organisations = listed.map(({ connectionId, tenantId, tenantName }) => ({ connectionId, tenantId, tenantName }))
  return { source: live as Connection, current, organisations }
}

export async function listOrganisations(ports: Ports) {
  const { current, organisations } = await choices(ports)
  const inUse = current?.tokens ? current.tenantId : null
  return { organisations: organisations.map((o) => ({ ...o, selected: o.tenantId === inUse })) }
}

/**
 * Connects the chosen organisation with the consent that is there.
 * @throws AppError 404 for one that the consent doesn't cover, `organisation-linked` (409) with the consequences unless forced
 */
export async function selectOrganisation(
  ports: Ports,
  { tenantId, force = false, by }: z.output<typeof xeroAuth.selectOrganisation.body>,
) {
  const { source, current, organisations } = await choices(ports)
  const organisation = organisations.find((o) => o.tenantId === tenantId)
  if (!organisation) {
    throw new AppError('invalid', 'The consent does not cover this organisation', { status: 404, code: 'not-found' })
  }
  const answer = { tenantId, tenantName: organisation.tenantName }
  if (current?.tokens && current.tenantId === tenantId && source.id === current.id) return answer

  const { tokens, scopes, remainingMs } = requireLive(source)
  const moved = { ...tokens, scopes: scopes.join(' '), expiresInMs: Math.max(0, remainingMs) }
  const saved = await ports.store.save(
    { organisation, tokens: moved, organisations: null, connectedBy: source.connectedBy ?? by, source },
    { select: true, force },
  )
  if (saved.outcome === 'linked') {
    throw new AppError('notReady', spellOutLinks(saved.tenantName, saved.links), {
      code: 'organisation-linked',
      details: { links: saved.links, confirm: '?force=true' },
    })
  }
  await ports.announce()
  return answer
}
