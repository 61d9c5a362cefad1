import { Tabs } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { text } from '../../text/index.js'
import { Page } from '../../ui/states.js'
import { DeadLetters } from './dead-letters.js'
import { Failures } from './failures.js'

const words = text.inbox

export default function Inbox() {
  const [params, setParams] = useSearchParams()
  const tab = params.get('tab') === 'dead' ? 'dead' : 'failed'
  return (
    <Page title={words.title} hint={words.hint}>
      <Tabs value={tab} onChange={(name) => setParams(name === 'dead' ? { tab: 'dead' } : {})} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="failed">{words.failed}</Tabs.Tab>
          <Tabs.Tab value="dead">{words.dead}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="failed">
          <Failures />
        </Tabs.Panel>
        <Tabs.Panel value="dead">
          <DeadLetters />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
