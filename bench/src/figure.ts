/** One measured line beside its peer. */
export interface Figure {
  readonly name: string
  readonly unit: string
  /** Medians. */
  readonly ours: number
  readonly peer: string
  readonly theirs: number
  /** ours / theirs, whichever of them is better. */
  readonly ratio: number
  readonly runs: { readonly ours: readonly number[]; readonly theirs: readonly number[] }
}

/** Figures that are measured together. */
export interface FigureSet {
  readonly title: string
  /** What was done, and how to read it. */
  readonly intro: string
  /** Of every figure that it can measure. */
  readonly names: readonly string[]
  /** Those that take so long that they are measured only when asked for by name. */
  readonly onRequest?: readonly string[]
  /** It reads /proc. */
  readonly linuxOnly?: true
  /** @throws when something was lost or doubled on the way */
  readonly measure: (wanted: (name: string) => boolean) => AsyncIterable<Figure>
}

/** @param quantile 0.5 for the median; of an even number of values, the lower */
export function quantile(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? Number.NaN
}

export function toFigure(
  name: string,
  unit: string,
  peer: string,
  ours: readonly number[],
  theirs: readonly number[],
): Figure {
  const [mine, other] = [quantile(ours, 0.5), quantile(theirs, 0.5)]
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(4)))
  const [a = 0, b = 0] = rounded([mine, other])
  return {
    name,
    unit,
    ours: a,
    peer,
    theirs: b,
    ratio: Number((mine / other).toFixed(2)),
    runs: { ours: rounded(ours), theirs: rounded(theirs) },
  }
}

/** A median with its range, where there is one. */
export function ranged(median: number, runs: readonly number[]): string {
  const [least, most] = [Math.min(...runs), Math.max(...runs)]
  return least === most ? `${median}` : `${median} (${least} to ${most})`
}

export const inWords = ({ name, unit, ours, peer, theirs, ratio, runs }: Figure): string =>
  `${name}: ${ranged(ours, runs.ours)} ${unit}, ${peer} ${ranged(theirs, runs.theirs)}, ratio ${ratio}`
