import { join, resolve } from 'node:path'
import { processEnvironment } from '@afo/kit'
import { parseReplicas, startStack, stateRoot } from '../stack/index.js'
import { runInForeground } from './foreground.js'
import { printJson, readOptions, say } from './output.js'

const usage = `npm start [-- OPTIONS]   the whole stack, in the foreground until a signal
  --json                   one line of JSON on stdout when it is ready
  --replicas SERVICE=N     several of a service; may be repeated
  --fresh                  begin with the seed and no connection`

const { values } = readOptions(usage, {
  json: { type: 'boolean' },
  fresh: { type: 'boolean' },
  replicas: { type: 'string', multiple: true },
})

await runInForeground('start', async (closers) => {
  const environment = processEnvironment()
  const details = await startStack(
    {
      stateDir: resolve(environment.STATE_DIR || join(stateRoot(), 'stack')),
      fresh: values.fresh === true,
      replicas: parseReplicas(values.replicas ?? []),
      environment,
      say,
    },
    closers,
  )
  if (values.json) return printJson(details())
  const { gatewayUrl, xeroUrl, admin, databaseUrl } = details()
  say(`AmpedFieldOps' Xero back end: ${gatewayUrl}  (console ${gatewayUrl}/app)`)
  if (admin) say(`Sign in as ${admin.email} with ${admin.password}`)
  say(`Xero ${xeroUrl}${databaseUrl ? `, database ${databaseUrl}` : ''}`)
  say('Ctrl-C ends it')
})
