import { type FailureCode, failures } from './catalogue.js'

/** Our own codes of problems that have a row in the catalogue. */
const byCode: Readonly<Record<string, FailureCode>> = {
  'switched-off': 'AFO-605',
  'xero-disconnected': 'AFO-101',
  'missing-scope': 'AFO-102',
  'credentials-refused': 'AFO-104',
}

/** The row of the catalogue that explains a problem: by its code, else by its status; never by its words. */
export function failureOf({ status, code, reason }: { status: number; code: string; reason?: unknown }): FailureCode {
  if (Object.hasOwn(failures, code)) return code as FailureCode
  const known = byCode[String(reason)] ?? byCode[code]
  if (known) return known
  if (status === 429) return 'AFO-601'
  if (status === 503) return code.startsWith('redis') ? 'AFO-608' : 'AFO-602'
  if (status === 400) return 'AFO-603'
  return status >= 500 ? 'AFO-699' : 'AFO-604'
}
