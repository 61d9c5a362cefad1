/** A company or person that Xero's demo organisation knows. */
export interface SeedContact {
  readonly name: string
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
  readonly phone?: { readonly area: string; readonly number: string }
  readonly mobile?: { readonly area: string; readonly number: string }
  readonly street?: string
  readonly city?: string
  readonly region?: string
  readonly postalCode?: string
  /** Absent: New Zealand. */
  readonly country?: string
  readonly taxNumber?: string
  readonly accountNumber?: string
  /** When it pays what we bill. */
  readonly salesTerms?: { readonly Day: number; readonly Type: 'DAYSAFTERBILLDATE' | 'OFFOLLOWINGMONTH' }
}

/** A company that is in AmpedFieldOps as well, and how its record there differs. */
export interface SharedCompany extends SeedContact {
  /** The name as AmpedFieldOps has it, where a person typed it otherwise. */
  readonly clientName?: string
  /** The e-mail as AmpedFieldOps has it. */
  readonly clientEmail?: string
  /** What this pair is there to show. */
  readonly why: string
}
