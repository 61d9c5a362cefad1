export type { Call, GrantCall } from './calls.js'
export {
  basicAuth,
  type ConsentChoice,
  connectApp,
  giveConsent,
  productScopes,
  type TokenSet,
} from './consent-client.js'
export { PersonInXero, Refused } from './control/actions.js'
export { Control } from './control/control.js'
export type { Ledger } from './control/ledger.js'
export { type Fault, type FaultKind, type FaultRequest, faultKinds } from './faults.js'
export { type Limits, starterLimits } from './limits.js'
export type { Violation } from './openapi/contract.js'
export type { OrganisationOption, SandboxApp, WebhookOptions, XeroOptions } from './options.js'
export { sharedCompanies } from './seed/contacts.js'
export { defaultOrganisations } from './seed/organisation.js'
export { otherContacts, pastContacts } from './seed/other-contacts.js'
export type { SeedContact, SharedCompany } from './seed/types.js'
export { startXero, type XeroSandbox } from './start.js'
