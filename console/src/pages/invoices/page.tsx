import { text } from '../../text/index.js'
import { Page } from '../../ui/states.js'
import { TabbedPage } from '../../ui/tabs.js'
import { NextStep } from '../start/next-step.js'
import { Made } from './made.js'
import { Ready } from './ready.js'
import { UnbilledWork } from './unbilled.js'

const words = text.invoices

export default function Invoices() {
  return (
    <Page title={words.title} hint={words.hint}>
      <NextStep />
      <TabbedPage
        tabs={[
          { name: 'ready', label: words.ready, content: <Ready /> },
          { name: 'made', label: words.made, content: <Made /> },
          { name: 'unbilled', label: words.unbilled, content: <UnbilledWork /> },
        ]}
        fallback={1}
      />
    </Page>
  )
}
