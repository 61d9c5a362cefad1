import { text } from '../../text/index.js'
import { Page } from '../../ui/states.js'
import { TabbedPage } from '../../ui/tabs.js'
import { AlertsSent } from './alerts-sent.js'
import { Audit } from './audit.js'
import { Runs } from './runs.js'

const words = text.history

export default function History() {
  return (
    <Page title={words.title} hint={words.hint}>
      <TabbedPage
        tabs={[
          { name: 'runs', label: words.tabs.runs, content: <Runs /> },
          { name: 'audit', label: words.tabs.audit, content: <Audit /> },
          { name: 'alerts', label: words.tabs.alerts, content: <AlertsSent /> },
        ]}
      />
    </Page>
  )
}
