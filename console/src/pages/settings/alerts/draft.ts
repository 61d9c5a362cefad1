import type { AnswerOf, Ask } from '../../../api/client.js'

export type Values = AnswerOf<'readAlertSettings'>
type Body = NonNullable<Ask<'writeAlertSettings'>['body']>
type Email = NonNullable<Values['email']>

/** As it was typed; empty keeps what is saved, null removes it. */
export type Secret = string | null

/** The form while it is filled in: what is switched off keeps what was typed until it is saved. */
export interface Draft {
  readonly byEmail: boolean
  readonly email: Email
  readonly webhook: boolean
  readonly kinds: Values['kinds']
  readonly digestAt: string
  readonly isQuiet: boolean
  readonly quiet: NonNullable<Values['quiet']>
  readonly smtpPassword: Secret
  readonly webhookUrl: string
  readonly webhookSecret: Secret
}
export interface Part {
  readonly draft: Draft
  readonly set: (changes: Partial<Draft>) => void
}

const noEmail: Email = { host: '', port: 587, security: 'starttls', user: null, from: '', to: [] }
const night = { from: '19:00', to: '07:00' }

export const draftOf = ({ email, webhook, kinds, digestAt, quiet }: Values): Draft => ({
  byEmail: email !== null,
  email: email ?? noEmail,
  webhook,
  kinds,
  digestAt,
  isQuiet: quiet !== null,
  quiet: quiet ?? night,
  smtpPassword: '',
  webhookUrl: '',
  webhookSecret: '',
})

/** A secret that was neither typed nor removed is left out, and stays as it is. */
export const toBody = (draft: Draft): Body => ({
  email: draft.byEmail ? draft.email : null,
  webhook: draft.webhook,
  kinds: draft.kinds,
  digestAt: draft.digestAt,
  quiet: draft.isQuiet ? draft.quiet : null,
  ...(draft.smtpPassword !== '' ? { smtpPassword: draft.smtpPassword } : {}),
  ...(draft.webhookUrl ? { webhookUrl: draft.webhookUrl } : {}),
  ...(draft.webhookSecret !== '' ? { webhookSecret: draft.webhookSecret } : {}),
})
