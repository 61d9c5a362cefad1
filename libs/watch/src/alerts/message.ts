import { type AlertGroup, type AlertKind, type FailureCode, failures } from '@afo/contracts'

const titles: Readonly<Record<AlertKind, (n: number) => string>> = {
  disconnected: () => 'Xero is not connected',
  lapsing: () => 'The connection to Xero is about to lapse',
  refused: (n) => (n === 1 ? 'An invoice was refused' : `${n} invoices were refused`),
  failures: (n) => (n === 1 ? 'Something has waited for a day' : `${n} things have waited for a day`),
  quota: () => "Xero's daily quota is nearly used up",
  deadLetters: () => 'Messages could not be handled',
  differences: () => 'Both sides differ',
}

/** Most urgent first. */
const order: readonly AlertKind[] = [
  'disconnected',
  'lapsing',
  'refused',
  'failures',
  'deadLetters',
  'quota',
  'differences',
]

/** One message of everything that is to be said. */
export function compose(groups: readonly AlertGroup[], link: string | null) {
  const sorted = [...groups].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  const first = sorted[0]
  const more = sorted.length > 1 ? ` (and ${sorted.length - 1} more)` : ''
  return {
    kinds: sorted.map(({ kind }) => kind),
    causes: groups.reduce((sum, { count }) => sum + count, 0),
    subject: first ? `AmpedFieldOps: ${titles[first.kind](first.count)}${more}` : '',
    text: [...sorted.map(chapter), ...(link === null ? [] : [link])].join('\n\n'),
  }
}

function chapter({ kind, count, money, lines }: AlertGroup): string {
  const total = money === null ? '' : `, ${money} at stake`
  const rest = count - lines.length
  return [
    `${titles[kind](count)}${total}`,
    ...lines.map((line) => `- ${line.text}${line.money === null ? '' : ` (${line.money})`}${remedy(line.code)}`),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ].join('\n')
}

function remedy(code: string | null): string {
  const known = code === null ? undefined : failures[code as FailureCode]
  return known ? `\n  ${code}: ${known.remedy}` : ''
}
