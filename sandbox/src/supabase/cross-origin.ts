const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

/** Lets pages of any origin read the answers, as Supabase's own gateway does and Lite does not. */
export async function crossOrigin(
  request: Request,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method'))
    return new Response(null, {
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': methods,
        'Access-Control-Allow-Headers': request.headers.get('access-control-request-headers') ?? '',
        'Access-Control-Max-Age': '3600',
      },
    })
  const response = await answer(request)
  const headers = new Headers(response.headers)
  headers.set('Access-Control-Allow-Origin', '*')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
