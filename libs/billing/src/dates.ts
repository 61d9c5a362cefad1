const dayMs = 86_400_000

/** The calendar date of an instant in a time zone: "2026-11-23". */
export const dateIn = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(instant),
  )

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)

/** `day` of the month that is `months` after the date's, or that month's last day where it is shorter. */
function dayOfMonth(date: string, months: number, day: number): string {
  const [year = 0, month = 1] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}

const endOfMonth = (date: string): string => dayOfMonth(date, 0, 31)

/** A contact's terms for paying, as Xero has them. */
export interface PaymentTerms {
  readonly day: number
  readonly type: string
}

/** When an invoice is due by the contact's terms; null for terms that Xero has no more. */
function dueByTerms(issuedOn: string, { day, type }: PaymentTerms): string | null {
  switch (type) {
    case 'DAYSAFTERBILLDATE':
      return addDays(issuedOn, day)
    case 'DAYSAFTERBILLMONTH':
      return addDays(endOfMonth(issuedOn), day)
    case 'OFCURRENTMONTH': {
      const due = dayOfMonth(issuedOn, 0, day)
      return due < issuedOn ? dayOfMonth(issuedOn, 1, day) : due
    }
    case 'OFFOLLOWINGMONTH':
      return dayOfMonth(issuedOn, 1, day)
    default:
      return null
  }
}

/** Due date: the request's, else the contact's terms, else so many days after issue. */
export const dueDate = (
  issuedOn: string,
  requested: string | undefined,
  terms: PaymentTerms | null,
  dueDays: number,
): string => requested ?? (terms && dueByTerms(issuedOn, terms)) ?? addDays(issuedOn, dueDays)
