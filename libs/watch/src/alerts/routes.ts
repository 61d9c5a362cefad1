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
    const given = { smtpPassword, webhookUrl, webhookSecret }
    const changes = alertSecrets.flatMap((name) =>
      given[named[name]] === undefined ? [] : [[name, given[named[name]]]],
    )
    if (changes.length > 0) await ctx.saveAlertSecrets(Object.fromEntries(changes))
    await ctx.db.rpc('sync_settings_write', { p_settings: [{ key: 'alerts', value: JSON.stringify(settings) }] })
    return { status: 200, body: await view(ctx, settings) }
  },
} satisfies WatchHandlers

/** Which secrets are saved, never what they are. */
async function view({ db }: WatchPorts, settings: Settings<'alerts'>) {
  const rows = await db.rpc('sync_settings_read', { p_keys: [...alertSecrets] })
  const saved = Object.fromEntries(alertSecrets.map((name) => [named[name], (rows[name]?.value ?? null) !== null]))
  return { ...settings, saved: saved as Record<Names[AlertSecret], boolean> }
}
