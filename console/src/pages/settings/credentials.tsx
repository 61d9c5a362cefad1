import { Alert, Anchor, Button, CopyButton, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useXeroPlaces } from '../../api/config.js'
import { useTell } from '../../api/hooks.js'
import { toProblem } from '../../api/problem.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Icon } from '../../ui/icons.js'
import { tellDone } from '../../ui/notify.js'
import { Failed, Section } from '../../ui/states.js'
import { Connect, type Xero } from './connection.js'

const words = text.credentials
const clientIdForm = /^[0-9a-f]{32}$/i

/** The keys of the person's own Xero app. The secret goes in and never comes back. */
export function Credentials({ xero }: { xero: Xero }) {
  const mayChange = useMayChange()
  const places = useXeroPlaces()
  return (
    <Section
      title={words.title}
      hint={places?.standIn ? words.hintStandIn : words.hint}
      aside={
        <Anchor href={places?.apps} target="_blank" rel="noreferrer" size="sm">
          <Group gap={4} wrap="nowrap">
            {places?.standIn ? words.portalStandIn : words.portal} <Icon name="external" size={14} />
          </Group>
        </Anchor>
      }
    >
      <Stack maw={640}>
        {xero.redirect_uri_shift && <Shift xero={xero} />}
        <RedirectUri uri={xero.redirect_uri} />
        {xero.credentials_saved && (
          <Text size="sm" c="dimmed">
            {xero.source === 'environment' ? words.environment : words.stored(xero.client_id_last4 ?? '')}
          </Text>
        )}
        {mayChange && <Form />}
      </Stack>
    </Section>
  )
}

/** These pages are not where the saved address leads: what that means, and the one click that sets it right. */
function Shift({ xero }: { xero: Xero }) {
  const shift = xero.redirect_uri_shift
  const mayChange = useMayChange()
  if (!shift) return null
  return (
    <Alert color="orange" variant="light" title={words.shift[shift.why]}>
      <Stack align="flex-start" gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {words.shiftHint(shift.from, xero.redirect_uri)}
        </Text>
        {mayChange && <Connect label={words.repair} />}
      </Stack>
    </Alert>
  )
}

const RedirectUri = ({ uri }: { uri: string }) => (
  <Group align="flex-end" gap="xs" wrap="nowrap">
    <TextInput label={words.redirect} description={words.redirectHint} value={uri} readOnly style={{ flex: 1 }} />
    <CopyButton value={uri}>
      {({ copied, copy }) => (
        <Button variant="default" onClick={copy} aria-live="polite">
          {copied ? words.copied : words.copy}
        </Button>
      )}
    </CopyButton>
  </Group>
)

function Form() {
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const [told, setTold] = useState(false)
  const save = useTell('writeXeroSettings', ['readXeroSettings'])
  const idWrong = clientIdForm.test(clientId.trim()) ? null : words.clientIdWrong
  const secretWrong = clientSecret === '' ? words.secretMissing : null
  const send = (force?: true) =>
    save.mutate(
      { body: { clientId: clientId.trim(), clientSecret }, query: { force } },
      {
        onSuccess: () => {
          tellDone(words.saved)
          setClientSecret('')
          setTold(false)
        },
      },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTold(true)
    if (!idWrong && !secretWrong) send()
  }
  const refused = save.isError ? toProblem(save.error) : null
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={words.clientId}
          description={words.clientIdHint}
          value={clientId}
          onChange={({ currentTarget }) => setClientId(currentTarget.value)}
          error={(told || clientId.length >= 32) && idWrong}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <PasswordInput
          label={words.secret}
          description={words.secretHint}
          value={clientSecret}
          onChange={({ currentTarget }) => setClientSecret(currentTarget.value)}
          error={told && secretWrong}
          autoComplete="new-password"
          required
        />
        {refused && refused.status !== 409 && <Failed error={refused} />}
        {refused?.status === 409 && (
          <Alert color="orange" variant="light" title={words.forceTitle} role="alert">
            <Stack align="flex-start" gap="xs">
              <Text size="sm">{refused.detail}</Text>
              <Button size="xs" variant="default" onClick={() => send(true)}>
                {words.force}
              </Button>
            </Stack>
          </Alert>
        )}
        <Button type="submit" loading={save.isPending} style={{ alignSelf: 'flex-start' }}>
          {words.save}
        </Button>
      </Stack>
    </form>
  )
}
