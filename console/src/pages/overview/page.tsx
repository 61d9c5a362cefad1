import { Alert, Anchor, Badge, SimpleGrid, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { withMoments } from '../../ui/format.js'
import { Running } from '../../ui/job.js'
import { Answered, Empty, Page, Section } from '../../ui/states.js'
import { GetStarted } from '../start/get-started.js'
import { NeedsYou } from './needs-you.js'
import { Quota } from './quota.js'
import { Schedule } from './schedule.js'

const words = text.overview
export type Now = AnswerOf<'readOverview'>

/** Is it healthy, what runs, what needs me: one question, one answer. */
export default function Overview() {
  const overview = useAsk('readOverview', {}, { refetchInterval: 30_000 })
  return (
    <Page title={words.title} actions={overview.data && <Health connection={overview.data.connection} />}>
      <GetStarted />
      <Answered of={overview} rows={12}>
        {(now) => (
          <>
            <Troubles now={now} />
            <NeedsYou now={now} />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <RunningNow now={now} />
              <Quota quota={now.quota} connected={now.connection?.connected === true} />
            </SimpleGrid>
            <Schedule now={now} />
          </>
        )}
      </Answered>
    </Page>
  )
}

const Health = ({ connection }: { connection: Now['connection'] }) => (
  <Badge size="lg" variant="light" tt="none" color={connection?.connected ? 'green' : 'orange'}>
    {connection?.connected ? `${words.connected}: ${connection.tenantName ?? ''}` : words.notConnected}
  </Badge>
)

/** Where a kind of trouble is settled. */
const placeOf: Readonly<Record<string, string>> = {
  'AFO-101': '/settings/xero',
  'AFO-102': '/settings/xero',
  'AFO-103': '/settings/xero',
  'AFO-104': '/settings/xero',
  'AFO-603': '/inbox?tab=dead',
  'AFO-604': '/settings/xero',
}

/** What keeps the whole from working. A first connection that is yet to come is no trouble: the steps above lead to it. */
function Troubles({ now }: { now: Now }) {
  const shown = now.troubles.filter(({ code }) => code !== 'AFO-101' || now.connection !== null)
  if (shown.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={words.troubles}>
      {shown.map(({ code, title, detail, remedy }) => (
        <Alert key={code + detail} color="orange" variant="light" title={title}>
          <Text size="sm">{withMoments(detail)}</Text>
          <Text size="sm" fw={600}>
            {remedy}{' '}
            {placeOf[code] && (
              <Anchor component={Link} to={placeOf[code]} size="sm" underline="always">
                {words.there}
              </Anchor>
            )}
          </Text>
        </Alert>
      ))}
    </Stack>
  )
}

const RunningNow = ({ now: { running, queued } }: { now: Now }) => (
  <Section title={words.running}>
    {running.length === 0 && queued.count === 0 ? (
      <Empty title={words.idleTitle} hint={words.idleHint} />
    ) : (
      <Stack gap="lg">
        {running.map((command) => (
          <Running key={command.id} command={command} />
        ))}
        {queued.count > 0 && <Text size="sm">{words.queued(queued.count)}</Text>}
      </Stack>
    )}
  </Section>
)
