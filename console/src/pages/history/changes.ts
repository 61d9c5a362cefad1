import { text } from '../../text/index.js'
import { fieldName } from '../../ui/fields.js'
import { formatDay, formatMoment, formatMoney } from '../../ui/format.js'

const names: Readonly<Record<string, string>> = text.whatHappened.fields
const amounts = ['total', 'xero_total', 'amount_due', 'amount_paid', 'amount_credited']
const moments = ['note_written_at', 'archived_at']

/** A column's value as a person writes it. */
function shown(field: string, value: unknown): string {
  if (value === null || value === '') return text.fields.empty
  const words = String(value)
  if (amounts.includes(field)) return formatMoney(words)
  if (moments.includes(field)) return formatMoment(words)
  return field === 'due_on' ? formatDay(words) : (text.states[words] ?? words)
}

/** Each field that changed: its name, and its value before and after. What was empty before is simply set. */
export const changesOf = (details: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(details).flatMap(([field, pair]) => {
    if (!Array.isArray(pair)) return []
    const name = names[field] ?? fieldName(field)
    const [before, after] = pair.map((value: unknown) => shown(field, value))
    return [pair[0] === null ? `${name}: ${after}` : `${name}: ${before} → ${after}`]
  })
