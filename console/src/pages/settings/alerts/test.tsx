import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { newKey } from '../../../api/client.js'
import { useTell } from '../../../api/hooks.js'
import { text } from '../../../text/index.js'
import { Failed } from '../../../ui/states.js'
import { Deliveries } from '../../history/deliveries.js'

const words = text.alerts

/** Says something on every way that is saved, and shows at once whether it arrived. */
export function Test() {
  const test = useTell('testAlert', ['listAlerts'])
  const sent = test.data?.deliveries.every(({ state }) => state === 'sent') ?? false
  return (
    <Stack align="flex-start">
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ idempotencyKey: newKey() })}>
          {words.test}
        </Button>
        <Text size="sm" c="dimmed">
          {words.testHint}
        </Text>
      </Group>
      {test.isError && <Failed error={test.error} />}
      {test.data && (
        <Alert variant="light" color={sent ? 'green' : 'orange'} title={words.tested} role="status" w="100%">
          <Stack gap="xs" align="flex-start">
            <Deliveries of={test.data.deliveries} />
            <Anchor component={Link} to="/history?tab=alerts" size="sm">
              {words.toLog}
            </Anchor>
          </Stack>
        </Alert>
      )}
    </Stack>
  )
}
