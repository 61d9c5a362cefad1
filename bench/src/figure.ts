/** One measured line beside its peer. Written as one line of JSON, and as one row of docs/BENCHMARKS.md. */
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
