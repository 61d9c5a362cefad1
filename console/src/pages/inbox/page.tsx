import { text } from '../../text/index.js'
import { Page } from '../../ui/states.js'
import { TabbedPage } from '../../ui/tabs.js'
import { Conflicts } from './conflicts.js'
import { DeadLetters } from './dead-letters.js'
import { Failures } from './failures.js'
import { Matches } from './matches.js'

const words = text.inbox

export default function Inbox() {
  return (
    <Page title={words.title} hint={words.hint}>
      <TabbedPage
        tabs={[
          { name: 'failed', label: words.failed, content: <Failures /> },
          { name: 'conflicts', label: words.conflicts, content: <Conflicts /> },
          { name: 'matches', label: words.matches, content: <Matches /> },
          { name: 'dead', label: words.dead, content: <DeadLetters /> },
        ]}
      />
    </Page>
  )
}
