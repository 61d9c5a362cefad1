/** OpenID's own scopes, asked of the identity server alone. */
export const openidScopes = ['openid', 'profile', 'email', 'offline_access'] as const

const both = (...names: string[]) => names.flatMap((name) => [name, `${name}.read`])
const reports = [
  'aged',
  'balancesheet',
  'banksummary',
  'budgetsummary',
  'executivesummary',
  'profitandloss',
  'trialbalance',
  'taxreports',
]

/** What apps made since 2 March 2026 may ask for. */
export const granularScopes: readonly string[] = [
  ...both('accounting.invoices', 'accounting.payments', 'accounting.banktransactions', 'accounting.manualjournals'),
  ...both('accounting.contacts', 'accounting.settings', 'accounting.attachments'),
  'accounting.budgets.read',
  ...reports.map((name) => `accounting.reports.${name}.read`),
]

/** What only older apps may still ask for, until September 2027. */
export const broadScopes: readonly string[] = [
  ...both('accounting.transactions'),
  'accounting.reports.read',
  'accounting.journals.read',
]

export const resourceScopes: readonly string[] = [...granularScopes, ...broadScopes]

/** Asked-for scopes that this kind of app may not have. */
export function refusedScopes(asked: readonly string[], kind: 'granular' | 'broad'): readonly string[] {
  const allowed = new Set<string>([...openidScopes, ...granularScopes, ...(kind === 'broad' ? broadScopes : [])])
  return asked.filter((scope) => !allowed.has(scope))
}
