import type { FigureSet } from './figure.js'

export interface Chosen {
  readonly set: FigureSet
  readonly wanted: (name: string) => boolean
}

/**
 * The sets to measure, and what of them. What takes long is left out unless nothing else is meant.
 * @param only a set's key, or the beginning of figures' names; absent: everything
 * @throws naming the sets and their figures, where nothing is called so
 */
export function choose(sets: Readonly<Record<string, FigureSet>>, only?: string): readonly Chosen[] {
  const found = Object.entries(sets).flatMap(([key, set]) => {
    const meant = only === undefined || only === key ? set.names : set.names.filter((name) => begins(name, only))
    const usual = meant.filter((name) => !set.onRequest?.includes(name))
    const names = usual.length > 0 ? usual : meant
    return names.length > 0 ? [{ set, wanted: (name: string) => names.includes(name) }] : []
  })
  if (found.length > 0) return found
  const lines = Object.entries(sets).map(([key, { names }]) => `  ${key}: ${names.join(' | ')}`)
  throw new Error(
    `Nothing is called "${only}". --only takes a set or the beginning of a figure's name:\n${lines.join('\n')}`,
  )
}

const begins = (name: string, only: string) => only !== '' && name.startsWith(only)
