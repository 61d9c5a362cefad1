import { Badge, SimpleGrid, Stack } from '@mantine/core'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatFromNow } from '../../ui/format.js'
import { jobName, Running } from '../../ui/job.js'
import { Answered, Empty, Page, Section } from '../../ui/states.js'
import { Rows } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import { GetStarted } from './get-started.js'
import { NeedsYou } from './needs-you.js'
import { Quota } from './quota.js'

const words = text.overview

export default function Overview() {
  const xero = useAsk('readXeroSettings')
  const connected = xero.data?.connected === true
  return (
    <Page title={words.title} actions={xero.data && <Health connected={connected} tenant={xero.data.tenant_name} />}>
      {xero.data && <GetStarted connected={connected} />}
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

function Schedule() {
  const status = useAsk('readSyncStatus', {}, { refetchInterval: 30_000 })
  const { job, last, next } = words.scheduleColumns
  return (
    <Section
      title={words.schedule}
      hint={
        status.data &&
        (status.data.synced_at ? words.lastWork(formatFromNow(status.data.synced_at, Date.now())) : words.neverWorked)
      }
    >
      <Answered of={status} rows={5}>
        {({ jobs }) => (
          <Rows
            label={words.schedule}
            rows={jobs}
            keyOf={(row) => row.job}
            columns={[
              { title: job, cell: (row) => jobName(row.job) },
              {
                title: last,
                cell: ({ lastRun }) =>
                  lastRun ? (
                    <>
                      <Tag of={lastRun.status} /> {formatFromNow(lastRun.startedAt, Date.now())}
                    </>
                  ) : (
                    '–'
                  ),
              },
              { title: next, cell: ({ nextRunAt }) => formatFromNow(nextRunAt, Date.now()) },
            ]}
          />
        )}
      </Answered>
    </Section>
  )
}
