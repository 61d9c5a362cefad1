import { Anchor, Badge, Button, Card, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatFromNow, formatMoney } from '../../ui/format.js'
import { Retry } from './retry.js'
import { Verdict } from './verdict.js'

const words = text.inbox
export type Failure = AnswerOf<'listFailures'>['items'][number]

/** What reached for Xero, and so may be there. */
const mayBeInXero = ({ entity }: Failure) => entity === 'invoice' || entity === 'client' || entity === 'cost-centre'

/** Where the thing itself is shown. */
function placeOf({ entity, entityId }: Failure): string | null {
  if (entity === 'client') return `/contacts/${entityId}`
  if (entity === 'invoice') return `/invoices/${entityId}`
  if (entity === 'cost-centre') return `/invoices/preview/${entityId}`
  return null
}

/** One thing that can't go on: what it is, both sides' words, what to do, and the buttons that do it. */
export function FailureCard({
  failure,
  selected = false,
  onSelect,
  onDismiss,
}: {
  failure: Failure
  selected?: boolean
  /** Where several can be chosen. */
  onSelect?: (on: boolean) => void
  onDismiss?: () => void
}) {
  const mayChange = useMayChange()
  const who = failure.clientName ?? words.entities[failure.entity] ?? failure.entity
  const place = placeOf(failure)
  return (
    <Card withBorder component="article" aria-label={`${failure.title}: ${who}`}>
      <Group align="flex-start" wrap="nowrap">
        {mayChange && onSelect && (
          <Checkbox
            mt={4}
            aria-label={words.select(`${failure.title}: ${who}`)}
            checked={selected}
            onChange={({ currentTarget }) => onSelect(currentTarget.checked)}
          />
        )}
        <Stack gap="xs" style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Title order={2} size="h5">
                {failure.title}
              </Title>
              <Text size="sm" c="dimmed" lineClamp={2}>
                {[
                  words.entities[failure.entity],
                  failure.clientName,
                  failure.money && words.holdsUp(formatMoney(failure.money)),
                  failure.code,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            {place && (
              <Anchor component={Link} to={place} size="sm" style={{ whiteSpace: 'nowrap' }}>
                {words.look}
              </Anchor>
            )}
          </Group>
          <Text size="sm">{failure.meaning}</Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {`${words.xeroSays}: “${failure.message}”`}
          </Text>
          <Text size="sm" fw={600}>{`${words.todo}: ${failure.remedy}`}</Text>
          {mayBeInXero(failure) && <Verdict id={failure.id} known={failure.verdict} />}
          <Group gap="xs">
            <Badge variant="light" tt="none" color={failure.retryable ? 'green' : 'gray'}>
              {failure.retryable ? words.retryable : words.notRetryable}
            </Badge>
            <Text size="xs" c="dimmed">
              {`${words.owners[failure.owner]} · ${words.seen(words.times(failure.count), formatFromNow(failure.lastSeenAt, Date.now()))}`}
            </Text>
          </Group>
          {mayChange && (
            <Group gap="xs" align="flex-start">
              <Retry ids={[failure.id]} label={words.retry} />
              {onDismiss && (
                <Button size="xs" variant="subtle" color="gray" onClick={onDismiss}>
                  {words.dismiss}
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </Group>
    </Card>
  )
}
