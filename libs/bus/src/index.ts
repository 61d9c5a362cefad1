export { type BusOptions, connectBus } from './bus.js'
export { type Plan, planFailure } from './failure.js'
export type { Settings as BusSettings } from './settings.js'
export * from './types.js'
