import { Badge, Group, Stack, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'

const words = text.alertsSent
type Delivery = AnswerOf<'listAlerts'>['items'][number]['deliveries'][number]

const hues = { waiting: 'blue', again: 'orange', sent: 'green', failed: 'red' } as const

/** What waits after it was tried in vain is no longer simply on its way. */
const stateOf = ({ state, attempts }: Delivery) => (state === 'waiting' && attempts > 0 ? 'again' : state)

/** Each way to a person: whether it arrived, and if not, why and when it is tried again. */
export const Deliveries = ({ of }: { of: readonly Delivery[] }) => (
  <Stack gap={6}>
    {of.map((delivery) => (
      <div key={`${delivery.channel} ${delivery.target}`}>
        <Group gap="xs">
          <Badge variant="light" color={hues[stateOf(delivery)]} tt="none" miw="max-content">
            {words.states[stateOf(delivery)]}
          </Badge>
          <Text size="sm">{`${words.channels[delivery.channel]}: ${delivery.target}`}</Text>
        </Group>
        {delivery.state !== 'sent' && (
          <Text size="xs" c="dimmed">
            {trouble(delivery)}
          </Text>
        )}
      </div>
    ))}
  </Stack>
)

const trouble = ({ error, attempts, nextAt }: Delivery): string =>
  [error, attempts > 0 && words.tries(attempts), nextAt && words.next(formatMoment(nextAt))].filter(Boolean).join(', ')
