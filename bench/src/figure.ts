import { cpus } from 'node:os'

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

/** docs/BENCHMARKS.md. @param figures as they were measured just now */
export function asTable(figures: readonly Figure[]): string {
  const range = (values: readonly number[]) => `${Math.min(...values)} to ${Math.max(...values)}`
  const rows = figures.map(
    ({ name, unit, ours, peer, theirs, ratio, runs }) =>
      `| ${name} | ${unit} | ${ours} (${range(runs.ours)}) | ${peer} | ${theirs} (${range(runs.theirs)}) | ${ratio} |`,
  )
  return `# Figures

Written by \`npm run bench -- --write\` on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, from an otherwise idle machine if it was one. Medians, with the range of all
runs; ours and the peer take turns on the same Redis. A machine's noise is in both, so the ratio (ours / theirs) is what to read: higher is better for rates, lower for times.

| figure | unit | ours | peer | theirs | ratio |
|---|---|---|---|---|---|
${rows.join('\n')}
`
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
