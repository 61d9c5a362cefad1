import { alertRpcs } from './alerts.js'
import { commonRpcs } from './common.js'
import { contactRpcs } from './contacts.js'
import { gatewayRpcs } from './gateway.js'
import { invoicingRpcs } from './invoicing.js'
import { itemRpcs } from './items.js'
import { paymentRpcs } from './payments.js'
import { reportRpcs } from './reports.js'
import { vaultRpcs } from './vault.js'

/** Every database function the product calls. A test compares this table with the functions that the migrations make. */
export const rpcs = {
  ...alertRpcs,
  ...commonRpcs,
  ...contactRpcs,
  ...gatewayRpcs,
  ...invoicingRpcs,
  ...itemRpcs,
  ...paymentRpcs,
  ...reportRpcs,
  ...vaultRpcs,
} as const

export type Rpcs = typeof rpcs
export type RpcName = keyof Rpcs
