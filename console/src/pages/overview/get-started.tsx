import { Anchor, Group, Stack, Text, ThemeIcon } from '@mantine/core'
import { Link } from 'react-router'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { Icon } from '../../ui/icons.js'
import { Section } from '../../ui/states.js'

const words = text.overview

/** The way from nothing to the first invoice, step by step; it goes away when it has been gone. */
export function GetStarted({ connected }: { connected: boolean }) {
  const linked = useAsk('listClients', { query: { link: 'linked', limit: 1 } })
  const items = useAsk('listItems', { query: { managedByXero: true, limit: 1 } })
  const invoicing = useAsk('readInvoicingSettings')
  const invoices = useAsk('listInvoices', { query: { limit: 1 } })
  if (!linked.data || !items.data || !invoicing.data || !invoices.data) return null
  const steps = [
    { name: 'connect', done: connected, to: '/settings/xero' },
    { name: 'clients', done: linked.data.total > 0, to: '/settings/xero' },
    { name: 'items', done: items.data.total > 0, to: '/settings/xero' },
    { name: 'account', done: invoicing.data.defaultAccountCode !== null, to: '/settings/xero?tab=invoicing' },
    { name: 'bill', done: invoices.data.total > 0, to: '/invoices?tab=ready' },
  ]
  if (steps.every(({ done }) => done)) return null
  const next = steps.find(({ done }) => !done)
  return (
    <Section title={words.begin} hint={words.beginHint}>
      <Stack component="ol" p={0} m={0} gap="md" style={{ listStyle: 'none' }}>
        {steps.map((step, i) => {
          const [title, hint] = words.steps[step.name] ?? ['', '']
          return (
            <Group component="li" key={step.name} wrap="nowrap" align="flex-start">
              <ThemeIcon
                radius="xl"
                variant={step.done || step === next ? 'filled' : 'default'}
                color={step.done ? 'green.9' : 'blue'}
              >
                {step.done ? <Icon name="check" size={16} /> : i + 1}
              </ThemeIcon>
              <div style={{ flex: 1 }}>
                <Text fw={step === next ? 650 : 500}>{title}</Text>
                <Text size="sm" c="dimmed">
                  {hint}
                </Text>
              </div>
              {step.done ? (
                <Text size="sm" c="dimmed">
                  {words.done}
                </Text>
              ) : (
                step === next && (
                  <Anchor component={Link} to={step.to} aria-label={`${words.go}: ${title}`}>
                    {words.go}
                  </Anchor>
                )
              )}
            </Group>
          )
        })}
      </Stack>
    </Section>
  )
}
