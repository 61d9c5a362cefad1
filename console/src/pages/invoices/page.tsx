import { Tabs } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { text } from '../../text/index.js'
import { Page } from '../../ui/states.js'
import { NextStep } from '../start/next-step.js'
import { Made } from './made.js'
import { Ready } from './ready.js'

const words = text.invoices

export default function Invoices() {
  const [params, setParams] = useSearchParams()
  const tab = params.get('tab') === 'ready' ? 'ready' : 'made'
  return (
    <Page title={words.title} hint={words.hint}>
      <NextStep />
      <Tabs value={tab} onChange={(name) => setParams(name === 'ready' ? { tab: 'ready' } : {})} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="ready">{words.ready}</Tabs.Tab>
          <Tabs.Tab value="made">{words.made}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="ready">
          <Ready />
        </Tabs.Panel>
        <Tabs.Panel value="made">
          <Made />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
