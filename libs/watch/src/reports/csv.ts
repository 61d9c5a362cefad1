type Cell = string | null

const number = /^-?\d+(\.\d+)?$/

/**
 * Rows as RFC 4180 has them. What a spreadsheet would run as a formula gets an apostrophe before it: names come from people, also from outside.
 */
export const csv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

function cell(value: Cell): string {
  if (value === null) return ''
  const safe = /^[=+\-@\t\r]/.test(value) && !number.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
