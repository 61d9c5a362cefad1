import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { Listed } from '../../ui/listed.js'
import { type Column, Filter, Search, useList } from '../../ui/table.js'
import { When } from '../../ui/when.js'
import { Deliveries } from './deliveries.js'

const words = text.alertsSent
type Alert = AnswerOf<'listAlerts'>['items'][number]

const columns: readonly Column<Alert>[] = [
  { title: words.columns.when, cell: ({ at }) => <When at={at} /> },
  { title: words.columns.what, cell: (alert) => <Said alert={alert} /> },
  { title: words.columns.ways, cell: ({ deliveries }) => <Deliveries of={deliveries} /> },
]

/** What was said by e-mail and webhook, and whether it arrived. */
export function AlertsSent() {
  const list = useList(['kind'])
  const alerts = useAsk('listAlerts', { query: list.query }, { keep: true })
  return (
    <div className="stack">
      <Text c="dimmed">{words.hint}</Text>
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="kind" label={words.kind} options={text.alertKinds} />
      </Group>
      <Listed
        of={alerts}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ id }) => id}
        empty={[words.emptyTitle, words.emptyHint]}
        action={
          <Button component={Link} to="/settings/xero?tab=alerts" mt="sm">
            {words.toSettings}
          </Button>
        }
      />
    </div>
  )
}

const Said = ({ alert: { at, subject, text: said, test } }: { alert: Alert }) => (
  <Stack gap={4}>
    <Group gap="xs">
      <Text size="sm" fw={600}>
        {subject}
      </Text>
      {test && (
        <Badge variant="light" color="gray" tt="none" miw="max-content">
          {words.test}
        </Badge>
      )}
    </Group>
    <details>
      <summary aria-label={words.readOf(subject, formatMoment(at))}>{words.read}</summary>
      <Text size="sm" mt="xs" style={{ whiteSpace: 'pre-wrap' }}>
        {said}
      </Text>
    </details>
  </Stack>
)
