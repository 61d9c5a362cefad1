import { text } from '../../text/index.js'
import { Page } from '../../ui/states.js'
import { TabbedPage } from '../../ui/tabs.js'
import { Comparisons } from './comparisons.js'
import { Sentinel } from './sentinel.js'

const words = text.reports

export default function Reports() {
  return (
    <Page title={words.title} hint={words.hint}>
      <TabbedPage
        tabs={[
          { name: 'compare', label: words.tabs.compare, content: <Comparisons /> },
          { name: 'changes', label: words.tabs.changes, content: <Sentinel /> },
        ]}
      />
    </Page>
  )
}
