import type { PaymentStatus } from '@afo/contracts'

/**
 * Paid, Unpaid or Overdue. Xero has no Overdue: it is what is owed after the due date, by the organisation's calendar. A draft was sent to nobody, so
 * nobody is late with it.
 * @param amountDue decimal text
 * @param today the organisation's date, "2026-11-23"
 */
export function paymentStatus(
  { status, amountDue, dueDate }: { status: string; amountDue: string; dueDate: string | null },
  today: string,
): PaymentStatus {
  if (status === 'PAID') return 'Paid'
  const isLate = status === 'AUTHORISED' && isPositive(amountDue) && dueDate !== null && dueDate < today
  return isLate ? 'Overdue' : 'Unpaid'
}

/** Of decimal text: no float has to say whether something is owed. */
export const isPositive = (amount: string): boolean => !amount.startsWith('-') && /[1-9]/.test(amount)
