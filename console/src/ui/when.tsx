import { formatMoment } from './format.js'

/** A moment in one line. */
export const When = ({ at }: { at: string | null }) => <span className="number">{formatMoment(at)}</span>
