const personal = /^(EmailAddress|PhoneNumber|AddressLine\d|AttentionTo|TaxNumber|BankAccountDetails)$/i

/** A body as it may be kept: what identifies a person beyond the name is masked. Tokens never stand in bodies. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, personal.test(key) && inner ? '[redacted]' : redact(inner)]),
  )
}
