import { Badge, Button, Card, Checkbox, Group, Stack, Text, Title } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatFromNow, formatMoney } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'

const words = text.inbox
export type Failure = AnswerOf<'listFailures'>['items'][number]

/** Which job tries again what failed; null where none does. */
const retryOf = ({ entity }: Failure) =>
  (
    ({
      client: 'syncClients',
      contact: 'syncClients',
      item: 'syncItems',
      invoice: 'syncInvoices',
      'cost-centre': 'createInvoice',
      timesheet: 'syncInvoices',
      connection: null,
      command: null,
    }) as const
  )[entity]

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
  const job = retryOf(failure)
  const who = failure.clientName ?? words.entities[failure.entity] ?? failure.entity
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
          <Group justify="space-between" align="flex-start">
            <div>
              <Title order={2} size="h5">
                {failure.title}
              </Title>
              <Text size="sm" c="dimmed" lineClamp={2}>
                {[
                  words.entities[failure.entity],
                  failure.clientName,
                  failure.money && formatMoney(failure.money),
                  failure.code,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            <Badge variant="light" tt="none" color={failure.retryable ? 'green' : 'gray'}>
              {failure.retryable ? words.retryable : words.notRetryable}
            </Badge>
          </Group>
          <Text size="sm">{failure.meaning}</Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {`${words.xeroSays}: “${failure.message}”`}
          </Text>
          <Text size="sm" fw={600}>{`${words.todo}: ${failure.remedy}`}</Text>
          <Text size="xs" c="dimmed">
            {`${words.owners[failure.owner]} · ${words.seen(words.times(failure.count), formatFromNow(failure.lastSeenAt, Date.now()))}`}
          </Text>
          {mayChange && (
            <Group gap="xs">
              {job && <Retry name={job} failure={failure} />}
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

function Retry({ name, failure }: { name: NonNullable<ReturnType<typeof retryOf>>; failure: Failure }) {
  const job = useJob(name)
  const body = name === 'createInvoice' ? { costCenterId: failure.entityId } : {}
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={job.start.isPending}
        onClick={() => job.start.mutate(body as never, { onError: tellFailed })}
      >
        {words.retry}
      </Button>
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
    </>
  )
}
