export { type TestDatabase, testDatabase } from './postgres/database.js'
export { type TestRedis, type TestRedisOptions, testRedis } from './redis/index.js'
export { type EndedCommand, type Replica, type RigOptions, type ServiceRig, serviceRig } from './service/rig.js'
export { type TestStack, type TestStackOptions, testStack } from './stack/index.js'
