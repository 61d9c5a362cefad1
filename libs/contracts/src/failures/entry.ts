/** Who can do something about a failure. */
export type FailureOwner = 'office' | 'accountant' | 'operator'

export interface FailureEntry {
  readonly title: string
  readonly meaning: string
  readonly remedy: string
  /** Trying again without a change can help. */
  readonly retryable: boolean
  readonly owner: FailureOwner
}

/** A row of the catalogue, in the order it is told: who, whether to just try again, what it is called, what it means, what to do. */
export const entry = (
  owner: FailureOwner,
  retryable: boolean,
  title: string,
  meaning: string,
  remedy: string,
): FailureEntry => ({ title, meaning, remedy, retryable, owner })
