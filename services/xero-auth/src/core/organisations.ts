import type { Organisation, OrganisationLinks } from '@afo/contracts'

export type OrganisationPlan =
  | { readonly kind: 'take'; readonly organisation: Organisation }
  | { readonly kind: 'choose'; readonly organisations: readonly [Organisation, ...Organisation[]] }
  | { readonly kind: 'none' }

/**
 * Which organisation a new consent connects. Xero lists all that the person ever connected; those of this very consent (its authEventId) count first.
 * One is taken at once; of several, the one already in use; else a person chooses.
 */
export function planOrganisation(
  listed: readonly (Organisation & { authEventId: string | null })[],
  authEventId: string | null,
  inUse: string | null,
): OrganisationPlan {
  const ofThisConsent = listed.filter((o) => authEventId !== null && o.authEventId === authEventId)
  const [first, ...others] = (ofThisConsent.length > 0 ? ofThisConsent : listed).map(
    ({ connectionId, tenantId, tenantName }) => ({ connectionId, tenantId, tenantName }),
  )
  if (!first) return { kind: 'none' }
  const known = others.length === 0 ? first : [first, ...others].find((o) => o.tenantId === inUse)
  return known ? { kind: 'take', organisation: known } : { kind: 'choose', organisations: [first, ...others] }
}

/** What a change of organisation would undo, in words. */
export function spellOutLinks(tenantName: string, links: OrganisationLinks): string {
  const parts = [
    `${links.clients} clients`,
    `${links.items} activity types`,
    `${links.invoices} invoices`,
    ...(links.invoicesUnderway > 0 ? [`${links.invoicesUnderway} invoices whose sending hasn't ended`] : []),
  ]
  return (
    `${parts.join(', ')} are linked to ${tenantName || 'the organisation in use'}. Changing the organisation unlinks them: ` +
    'clients and items are matched anew, and the status of those invoices is no longer followed. Coming back restores the links.'
  )
}
