import { type AlertSecret, alertSecrets, type Settings } from '@afo/contracts'
import { AppError } from '@afo/kit'
import type { WatchHandlers, WatchPorts } from '../ports.js'

type Names = { readonly [K in AlertSecret]: 'smtpPassword' | 'webhookUrl' | 'webhookSecret' }
const named: Names = {
  alert_smtp_password: 'smtpPassword',
  alert_webhook_url: 'webhookUrl',
  alert_webhook_secret: 'webhookSecret',
}

export const alertRoutes = {
  listAlerts: async ({ query }, { db }) => ({
    status: 200,
    body: await db.rpc('sync_list_alerts', { p_query: query as never }),
  }),
  testAlert: async (_input, { db, alerting, caller }) => {
    const id = await alerting.test(caller.name)
    if (id === null) throw new AppError('notReady', 'Neither e-mail nor webhook is set', { code: 'no-alert-target' })
    const [alert] = (await db.rpc('sync_list_alerts', { p_query: { id, limit: 1 } })).items
    if (!alert) throw new AppError('bug', 'The test that was just said is gone')
    return { status: 200, body: alert }
  },
  readAlertSettings: async (_input, ctx) => ({ status: 200, body: await view(ctx, await ctx.settings.read('alerts')) }),
  writeAlertSettings: async ({ body }, ctx) => {
    const { smtpPassword, webhookUrl, webhookSecret, ...settings } = body
    if (smtpPassword === undefined) await keepPasswordAtHome(ctx, settings.email)
    const given = { smtpPassword, webhookUrl, webhookSecret }
    const changes = alertSecrets.flatMap((name) =>
      given[named[name]] === undefined ? [] : [[name, given[named[name]]]],
    )
    if (changes.length > 0) await ctx.saveAlertSecrets(Object.fromEntries(changes))
    await ctx.db.rpc('sync_settings_write', { p_settings: [{ key: 'alerts', value: JSON.stringify(settings) }] })
    return { status: 200, body: await view(ctx, settings) }
  },
} satisfies WatchHandlers

/** The saved password goes to the server it was saved for: naming another one would send it there, to be read. @throws AppError invalid */
async function keepPasswordAtHome(ctx: WatchPorts, email: Settings<'alerts'>['email']): Promise<void> {
  const { email: before } = await ctx.settings.read('alerts')
  if (email === null || (before?.host === email.host && before.port === email.port && before.user === email.user))
    return
  if (!(await isSaved(ctx)).smtpPassword) return
  const reason = 'is needed again: the mail server or its user is another one'
  throw new AppError('invalid', 'The saved password belongs to another mail server', {
    issues: [{ field: 'smtpPassword', reason }],
  })
}

/** Which secrets are saved, never what they are. */
async function isSaved({ db }: WatchPorts): Promise<Readonly<Record<Names[AlertSecret], boolean>>> {
  const rows = await db.rpc('sync_settings_read', { p_keys: [...alertSecrets] })
  const saved = Object.fromEntries(alertSecrets.map((name) => [named[name], (rows[name]?.value ?? null) !== null]))
  return saved as Record<Names[AlertSecret], boolean>
}

const view = async (ctx: WatchPorts, settings: Settings<'alerts'>) => ({ ...settings, saved: await isSaved(ctx) })
