import { useAsk } from '../api/hooks.js'

/** Who is signed in. */
export const useMe = () => useAsk('readMe')

/** Accountants see everything and change nothing. */
export const useMayChange = (): boolean => useMe().data?.role === 'admin'
