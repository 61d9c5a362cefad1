export { createXeroConnections } from './connections.js'
export { createIdentity, type IdentityOptions } from './identity.js'
export { authEventIdOf } from './token-claims.js'
export * from './types.js'
