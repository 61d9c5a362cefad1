export * from './claims.js'
export * from './db.js'
export * from './errors.js'
export * from './sessions.js'
