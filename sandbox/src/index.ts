export * from './redis/index.js'
export * from './stack/index.js'
export * from './supabase/index.js'
export * from './xero/index.js'
