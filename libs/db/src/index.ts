export * from './db.js'
export { databaseError } from './errors.js'
