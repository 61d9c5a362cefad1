export * from './catalogue.js'
export type { FailureEntry, FailureOwner } from './entry.js'
export * from './explain.js'
export * from './retry.js'
