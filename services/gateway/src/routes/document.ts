import { openapi } from '../document/openapi.js'
import { type AnyRoute, route } from '../http/route.js'

/** GET /openapi.json of a table of routes, itself included. */
export function documented(routes: readonly AnyRoute[]): readonly AnyRoute[] {
  const all: readonly AnyRoute[] = [
    ...routes,
    route({
      method: 'get',
      path: '/openapi.json',
      summary: 'This API as an OpenAPI 3.1 document',
      tag: 'Document',
      access: 'public',
      answers: { 200: { media: 'application/json' } },
      handle: async () => {
        text ??= JSON.stringify(openapi(all))
        const body = text
        return { status: 200, send: async (res) => void res.type('json').send(body) }
      },
    }),
  ]
  let text: string | undefined
  return all
}
