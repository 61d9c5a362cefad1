import { cpus } from 'node:os'
import { type Figure, type FigureSet, ranged } from './figure.js'

export type Measured = FigureSet & { readonly figures: readonly Figure[] }

/** docs/BENCHMARKS.md. @param sets as they were measured just now */
export const asDocument = (sets: readonly Measured[]): string => `# Figures

Written by \`npm run bench -- --write\` on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, on an otherwise idle machine. Medians with the range of all runs.
Ours and the peer take turns on one machine, so its noise is in both, and the ratio (ours / theirs) is what to read. \`-- --only NAME\` measures a part; \`-- --json\` prints a line of JSON for each.

${sets.map(chapter).join('\n')}`

const chapter = ({ title, intro, figures }: Measured) => `## ${title}

${intro}

| figure | unit | ours | peer | theirs | ratio |
|---|---|---|---|---|---|
${figures.map(row).join('\n')}
`

const row = ({ name, unit, ours, peer, theirs, ratio, runs }: Figure) =>
  `| ${name} | ${unit} | ${ranged(ours, runs.ours)} | ${peer} | ${ranged(theirs, runs.theirs)} | ${ratio} |`
