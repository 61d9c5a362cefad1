import { connection } from './connection.js'
import { contacts } from './contacts.js'
import { invoices } from './invoices.js'
import { items } from './items.js'
import { payments } from './payments.js'
import { platform } from './platform.js'

/** Every failure we can meet: numbered, stable, in plain words. A number is never given to something else. */
export const failures = { ...connection, ...contacts, ...items, ...invoices, ...payments, ...platform } as const

export type FailureCode = keyof typeof failures

export const failureCodes = Object.keys(failures) as FailureCode[]
