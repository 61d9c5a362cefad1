import type { Difference, ReportPart, UnseenRow } from '@afo/contracts'
import { whole } from './difference.js'

const entities = { contacts: 'contact', items: 'item', invoices: 'invoice' } as const

const gone = {
  contacts: 'Gone from Xero, though the client is linked to it.',
  items: "Gone from Xero's price list. The next import marks it.",
  invoices: 'Issued here, and not in Xero. Its hours stay billed until somebody decides.',
} as const

const unsent = {
  asked: 'Not in Xero: somebody has to say which contact it is (Matches).',
  failed: 'Not in Xero: it could not be sent, the failed inbox says why.',
  waits: 'Not in Xero yet: the next sync sends it.',
} as const

/** What Xero should have and does not. */
export const missingThere = (part: ReportPart, { id, name, xeroId, money, standing }: UnseenRow): Difference => ({
  ...whole(
    { entity: entities[part], ourId: id, xeroId, name: name.trim().replace(/\s+/g, ' ') },
    'missing-there',
    standing === 'gone' ? gone[part] : unsent[standing],
  ),
  ...(money === null ? {} : { field: 'total', ours: money }),
})
