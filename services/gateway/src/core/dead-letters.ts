/**
 * One page of several services' dead letters, newest first. An id is `<time>-<number>@<stream>`; times are of one Redis and may be equal between
 * services: a page ends only between two different times, so that its last id is a cursor for all of them.
 */
export function mergeNewestFirst<T extends { readonly id: string }>(letters: readonly T[], limit: number) {
  const sorted = [...letters].sort((a, b) => newestFirst(place(a.id), place(b.id)) || a.id.localeCompare(b.id))
  const last = sorted[limit - 1]
  if (last === undefined) return { items: sorted, nextCursor: null }
  const items = sorted.filter((letter, i) => i < limit || newestFirst(place(letter.id), place(last.id)) === 0)
  return { items, nextCursor: items.length < sorted.length ? (items.at(-1)?.id ?? null) : null }
}

type Place = readonly [time: number, number: number]

const place = (id: string): Place => {
  const [time, number] = (id.split('@')[0] ?? '').split('-')
  return [Number(time), Number(number)]
}

const newestFirst = (a: Place, b: Place) => b[0] - a[0] || b[1] - a[1]
