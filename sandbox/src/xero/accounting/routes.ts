import type { Route } from './api.js'
import { contactRoutes } from './contacts.js'
import { historyRoutes } from './history.js'
import { invoiceRoutes } from './invoices.js'
import { itemRoutes } from './items.js'
import { settingsRoutes } from './settings.js'
import { settlementRoutes } from './settlements.js'

const routes: readonly Route[] = [
  ...contactRoutes,
  ...itemRoutes,
  ...invoiceRoutes,
  ...historyRoutes,
  ...settlementRoutes,
  ...settingsRoutes,
]

const table = routes.map((route) => ({ route, segments: route.path.slice(1).split('/') }))

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The route of a path below /api.xro/2.0; Xero doesn't mind the case of its words. */
export function matchRoute(method: string, path: string): Match | undefined {
  const given = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded)
  for (const { route, segments } of table) {
    if (route.method !== method || segments.length !== given.length) continue
    const params: Record<string, string> = {}
    const fits = segments.every((segment, i) => {
      const value = given[i] ?? ''
      if (!segment.startsWith('{')) return segment.toLowerCase() === value.toLowerCase()
      params[segment.slice(1, -1)] = value
      return true
    })
    if (fits) return { route, params }
  }
  return undefined
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
