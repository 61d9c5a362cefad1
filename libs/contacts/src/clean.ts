import { type ClientFields, type ContactFailure, type SomeFields, type SyncedField, syncedFields } from '@afo/contracts'

const maxLines = 4

/** A client's fields as Xero could hold them. Cleaning is no failure and no edit: the row itself stays as it was typed. */
export function clean(raw: ClientFields): ClientFields {
  return Object.fromEntries(syncedFields.map((field) => [field, cleaned(field, raw[field])])) as ClientFields
}

function cleaned(field: SyncedField, value: string | null): string | null {
  if (value === null) return null
  if (field === 'name') return tidy(value.replace(/[<>]/g, ''))
  if (field === 'street' || field === 'mailing_street') return tidyLines(value)
  return tidy(value)
}

/** One line, without control characters and double spaces; null where nothing is left. */
const tidy = (text: string): string | null =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Cs}/gu, '')
    .trim() || null

/** Xero has four lines in an address; what is more goes on in the last. */
function tidyLines(text: string): string | null {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/).flatMap((line) => tidy(line) ?? [])
  const rest = lines.splice(maxLines - 1)
  return [...lines, ...(rest.length > 0 ? [rest.join(', ')] : [])].join('\n') || null
}

/** Xero's own limits, in characters (xero/facts §1.7 and its OpenAPI document). */
const short = /^(phone|mobile|.*postal_code|.*country|tax_number|account_number)$/
const limitOf = (field: SyncedField) => (short.test(field) ? 50 : /street$/.test(field) ? 500 : 255)

const length = (text: string) => [...text].length
const named = (field: string) => field.replaceAll('_', ' ')

/** Why these fields, already cleaned, can't go to Xero; null where they can. Nothing is ever cut to fit. */
export function objection(fields: SomeFields): ContactFailure | null {
  if (fields.name === null) return fail('AFO-201', 'name', 'The client has no name.')
  for (const field of syncedFields) {
    const value = fields[field]
    if (!value) continue
    // Of an address each line counts for itself.
    const longest = Math.max(...value.split('\n').map(length))
    if (longest > limitOf(field)) {
      const sentence = `The ${named(field)} has ${longest} characters; Xero takes ${limitOf(field)} at most. It was not cut.`
      return fail(field === 'name' ? 'AFO-202' : 'AFO-206', field, sentence)
    }
    if (/country$/.test(field) && !/^[\p{L}\p{M} ]+$/u.test(value))
      return fail(
        'AFO-206',
        field,
        `The ${named(field)} "${value}" has more than letters in it; Xero takes letters alone.`,
      )
  }
  return null
}

/** What our copy of Xero's contacts knows about a refused write. */
export interface Taken {
  readonly name: boolean
  readonly accountNumber: boolean
}

const plausibleEmail = /^[^\s@<>()[\],;:"]+@[^\s@<>()[\],;:"]+\.[^\s@<>()[\],;:".]+$/

/** A refusal of Xero's in the catalogue's terms. Found out from the facts; Xero's words go along untouched and decide nothing. */
export function diagnose(sent: SomeFields, taken: Taken | undefined, messages: readonly string[]): ContactFailure {
  const words = messages.join(' ') || 'Xero gave no reason.'
  if (sent.name && taken?.name) return fail('AFO-203', 'name', words)
  if (sent.account_number && taken?.accountNumber) return fail('AFO-207', 'account_number', words)
  // Xero takes plain ASCII addresses alone.
  if (sent.email && (!plausibleEmail.test(sent.email) || /[^\x21-\x7e]/.test(sent.email)))
    return fail('AFO-204', 'email', words)
  return fail('AFO-299', null, words)
}

export function archivedInXero(changed: SomeFields): ContactFailure {
  const fields = Object.keys(changed).map(named).join(', ')
  return fail('AFO-205', null, `The contact is archived in Xero, so this stays here alone: ${fields}.`)
}

const fail = (code: ContactFailure['code'], field: SyncedField | null, message: string): ContactFailure => ({
  code,
  message,
  details: field === null ? {} : { field },
})
