/** Gives a deadlock the code that PostgREST does, where Lite has one of its own for whatever it doesn't know. */
export async function withDeadlockCode(response: Response): Promise<Response> {
  if (response.status !== 500) return response
  const failure = (await response
    .clone()
    .json()
    .catch(() => null)) as { readonly message?: string } | null
  if (!failure?.message?.endsWith('deadlock detected')) return response
  return Response.json({ ...failure, code: '40P01' }, { status: 500 })
}
