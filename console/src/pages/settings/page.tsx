import { Alert } from '@mantine/core'
import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { tellDone } from '../../ui/notify.js'
import { Answered, Page } from '../../ui/states.js'
import { TabbedPage } from '../../ui/tabs.js'
import { NextStep } from '../start/next-step.js'
import { AlertsAndRetention } from './alerts/alerts.js'
import { Connection } from './connection.js'
import { Credentials } from './credentials.js'
import { Invoicing } from './invoicing.js'
import { Operations } from './operations.js'
import { Organisations } from './organisations.js'
import { Switches } from './switches.js'
import { SyncNow } from './sync-now.js'

const words = text.settings

export default function Settings() {
  return (
    <Page title={words.title} hint={words.hint}>
      <NextStep />
      <TabbedPage
        tabs={[
          { name: 'connection', label: words.tabs.connection, content: <ConnectionTab /> },
          { name: 'invoicing', label: words.tabs.invoicing, content: <Invoicing /> },
          { name: 'sync', label: words.tabs.sync, content: <Switches /> },
          { name: 'alerts', label: words.tabs.alerts, content: <AlertsAndRetention /> },
        ]}
      />
    </Page>
  )
}

function ConnectionTab() {
  const status = useAsk('readXeroSettings')
  const error = useReturnFromXero(status.data?.tenant_name ?? null)
  return (
    <div className="stack">
      {error && (
        <Alert color="red" variant="light" role="alert">
          {error}
        </Alert>
      )}
      <Answered of={status} rows={8}>
        {(xero) => (
          <>
            <Connection xero={xero} />
            {(xero.connected || xero.choice_needed) && <Organisations needed={xero.choice_needed} />}
            {xero.connected && <SyncNow />}
            <Credentials xero={xero} />
            <Operations />
          </>
        )}
      </Answered>
    </div>
  )
}

/** What the end of a consent brought along in the address: told once, then taken out. An error stays to be read. */
function useReturnFromXero(tenant: string | null): string | null {
  const [params, setParams] = useSearchParams()
  const connected = params.get('xero_connected') === 'true'
  useEffect(() => {
    if (!connected || tenant === null) return
    tellDone(text.connection.justConnected(tenant))
    setParams({}, { replace: true })
  }, [connected, tenant, setParams])
  const error = params.get('xero_error')
  return error === null ? null : (words.errors[error] ?? words.errors.failed ?? error)
}
