export type { WatchPorts } from './ports.js'
export { reportRoutes } from './reports/routes.js'
