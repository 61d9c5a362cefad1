export type { Ephemeral, Settings as BusSettings, StreamFigures } from '@afo/streams'
export { type Bus, type BusOptions, type Consumer, connectBus } from './bus.js'
export { type Inbox, inbox } from './middlewares/inbox.js'
export * from './types.js'
