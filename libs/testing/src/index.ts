export { type TestDatabase, testDatabase } from './postgres/database.js'
export { type TestRedis, type TestRedisOptions, testRedis } from './redis/index.js'
