export { type RedisOptions, type RedisServer, startRedis } from './start.js'
