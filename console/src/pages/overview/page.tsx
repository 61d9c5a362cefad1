import { Badge, SimpleGrid, Stack } from '@mantine/core'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { Running } from '../../ui/job.js'
import { Answered, Empty, Page, Section } from '../../ui/states.js'
import { GetStarted } from '../start/get-started.js'
import { NeedsYou } from './needs-you.js'
import { Quota } from './quota.js'
import { Schedule } from './schedule.js'

const words = text.overview

export default function Overview() {
  const xero = useAsk('readXeroSettings')
  const connected = xero.data?.connected === true
  return (
    <Page title={words.title} actions={xero.data && <Health connected={connected} tenant={xero.data.tenant_name} />}>
      <GetStarted />
      <NeedsYou />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <RunningNow />
        <Quota connected={connected} />
      </SimpleGrid>
      <Schedule />
    </Page>
  )
}

const Health = ({ connected, tenant }: { connected: boolean; tenant: string | null }) => (
  <Badge size="lg" variant="light" tt="none" color={connected ? 'green' : 'orange'}>
    {connected ? `${words.connected}: ${tenant ?? ''}` : words.notConnected}
  </Badge>
)

function RunningNow() {
  const queued = useAsk('listCommands', { query: { state: 'queued', limit: 5 } }, { refetchInterval: 15_000 })
  const running = useAsk('listCommands', { query: { state: 'running', limit: 10 } }, { refetchInterval: 15_000 })
  return (
    <Section title={words.running}>
      <Answered of={running} rows={3}>
        {({ items }) => {
          const all = [...items, ...(queued.data?.items ?? [])]
          return all.length === 0 ? (
            <Empty title={words.idleTitle} hint={words.idleHint} />
          ) : (
            <Stack gap="lg">
              {all.map((command) => (
                <Running key={command.id} command={command} />
              ))}
            </Stack>
          )
        }}
      </Answered>
    </Section>
  )
}
