import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Figure, type FigureSet, ranged } from './figure.js'

const file = fileURLToPath(new URL('../../docs/BENCHMARKS.md', import.meta.url))

const preface = `# Figures

Written by \`npm run bench -- --write\`, some eight minutes on two cores that have nothing else to do; \`--only SET\` renews one chapter, \`--only NAME\` measures a part, \`--json\` prints a line of JSON for
each figure. Medians, with the range of all runs where there were several. Ours and the peer take turns on one machine, so its noise is in both, and the ratio (ours / theirs) is what to read.
`

/**
 * Writes docs/BENCHMARKS.md. A set that wasn't measured keeps the chapter it has.
 * @param measured figures by their set's title
 */
export function writeDocument(sets: readonly FigureSet[], measured: ReadonlyMap<string, readonly Figure[]>): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8').split(/^(?=## )/m) : []
  const chapters = sets.map((set) => {
    const figures = measured.get(set.title)
    return figures ? chapter(set, figures) : before.find((text) => text.startsWith(`## ${set.title}\n`))
  })
  const texts = [preface, ...chapters.filter((text) => text !== undefined)]
  writeFileSync(file, `${texts.map((text) => text.trim()).join('\n\n')}\n`)
}

// Each says when and where it was measured, since it may be renewed alone.
const chapter = ({ title, intro }: FigureSet, figures: readonly Figure[]) => `## ${title}

${intro} Measured on ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores (${cpus()[0]?.model.trim()}) with Node ${process.versions.node}.

| figure | unit | ours | peer | theirs | ratio |
|---|---|---|---|---|---|
${figures.map(row).join('\n')}
`

const row = ({ name, unit, ours, peer, theirs, ratio, runs }: Figure) =>
  `| ${name} | ${unit} | ${ranged(ours, runs.ours)} | ${peer} | ${ranged(theirs, runs.theirs)} | ${ratio} |`
