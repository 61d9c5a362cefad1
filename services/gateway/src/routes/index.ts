import type { AnyRoute } from '../http/route.js'
import { health } from './health.js'

/** Every route there is: what is served, what openapi.json says, what docs/API.md lists. */
export const routes: readonly AnyRoute[] = [...health]
