import { alertRoutes } from './alerts/routes.js'
import { reportRoutes } from './reports/routes.js'
import { retentionRoutes } from './retention-routes.js'

export type { WatchPorts } from './ports.js'
export { createWatch, type WatchOptions } from './watch.js'

/** What answers the endpoints of reports, alerts and retention; `makeReport` is a command like others. */
export const watchRoutes = { ...reportRoutes, ...alertRoutes, ...retentionRoutes }
