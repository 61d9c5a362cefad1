import { Alert, Badge, Button, Group, List, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { AnswerOf } from '../../api/client.js'
import { newKey } from '../../api/client.js'
import { backend } from '../../api/config.js'
import { useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { formatMoment } from '../../ui/format.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { Section } from '../../ui/states.js'

const words = text.connection
export type Xero = AnswerOf<'readXeroSettings'>
const FEW_DAYS = 10

/** Whether Xero is connected, to whom, how long that lasts; and the ways in and out. */
export function Connection({ xero }: { xero: Xero }) {
  const mayChange = useMayChange()
  const refused = xero.disconnected_reason === 'secret-refused'
  return (
    <Section
      title={words.title}
      aside={
        <Badge size="lg" tt="none" variant="light" color={xero.connected ? 'green' : 'gray'}>
          {xero.connected ? words.connected : words.disconnected}
        </Badge>
      }
    >
      <Stack>
        {xero.connected ? (
          <Connected xero={xero} />
        ) : (
          <Text>
            {!xero.credentials_saved
              ? words.notYet
              : refused
                ? words.secretRefused
                : xero.disconnected_reason
                  ? words.gone(xero.disconnected_reason)
                  : words.canConnect}
          </Text>
        )}
        {mayChange && (
          <Group>
            {!xero.connected && <Connect disabled={!xero.credentials_saved || refused} label={words.connect} />}
            {xero.connected && <Disconnect />}
          </Group>
        )}
      </Stack>
    </Section>
  )
}

function Connected({ xero }: { xero: Xero }) {
  const health = xero.token_health
  const mayChange = useMayChange()
  return (
    <>
      <Text size="xl" fw={650}>
        {xero.tenant_name}
      </Text>
      {health && (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <Fact name={words.health} value={words.days(health.days_left)} hint={words.daysHint} />
          <Fact name={words.refreshed} value={formatMoment(health.refreshed_at)} />
          <Fact name={words.since} value={formatMoment(health.connected_at)} />
          <Fact name={words.by} value={health.connected_by ?? '–'} />
        </SimpleGrid>
      )}
      {health && health.days_left <= FEW_DAYS && (
        <Alert color="orange" variant="light">
          {words.daysFew}
        </Alert>
      )}
      {xero.missing_scopes.length > 0 && (
        <Alert color="orange" variant="light">
          <Stack align="flex-start" gap="xs">
            {words.missing(xero.missing_scopes.join(', '))}
            {mayChange && <Connect label={words.reconnect} />}
          </Stack>
        </Alert>
      )}
    </>
  )
}

/** Goes to Xero's consent page, in this very tab. A ticket is good once, so each click takes a new one. */
export function Connect({ label, disabled = false }: { label: string; disabled?: boolean }) {
  const ticket = useTell('createConnectTicket')
  const go = () =>
    ticket.mutate({}, { onSuccess: ({ url }) => window.location.assign(backend + url), onError: tellFailed })
  return (
    <Button
      className="xero"
      disabled={disabled}
      loading={ticket.isPending || ticket.isSuccess}
      loaderProps={{ 'aria-label': words.leaving }}
      onClick={go}
    >
      {label}
    </Button>
  )
}

function Disconnect() {
  const [open, { open: ask, close }] = useDisclosure(false)
  const touched = ['readXeroSettings', 'readSyncStatus', 'listOrganisations'] as const
  const disconnect = useTell('disconnectXero', touched)
  const forget = useTell('deleteXeroSettings', touched)
  const ended = {
    onSuccess: ({ message }: AnswerOf<'disconnectXero'>) => {
      tellDone(message || words.disconnectDone)
      close()
    },
    onError: tellFailed,
  }
  return (
    <>
      <Button variant="default" onClick={ask}>
        {words.disconnect}
      </Button>
      <Modal opened={open} onClose={close} title={words.disconnectTitle}>
        <Stack>
          <List>
            {words.disconnectHint.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {text.cancel}
            </Button>
            <Button variant="default" loading={forget.isPending} onClick={() => forget.mutate({}, ended)}>
              {words.forget}
            </Button>
            <Button
              color="red"
              loading={disconnect.isPending}
              onClick={() => disconnect.mutate({ idempotencyKey: newKey() }, ended)}
            >
              {words.disconnect}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
