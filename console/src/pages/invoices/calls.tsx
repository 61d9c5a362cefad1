import { Stack, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { Json } from '../../ui/json.js'
import { Answered, Empty, Section } from '../../ui/states.js'

const words = text.invoice
type Call = AnswerOf<'listInvoiceCalls'>['items'][number]

/** What Xero was told of this invoice and what it answered, word for word but for what identifies a person. */
export function Calls({ id }: { id: string }) {
  const calls = useAsk('listInvoiceCalls', { params: { id } })
  return (
    <Section title={words.calls} hint={words.callsHint}>
      <Answered of={calls} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.noCalls} hint={words.noCallsHint} />
          ) : (
            <Stack gap="xs">
              {items.map((call) => (
                <OneCall key={call.id} call={call} />
              ))}
            </Stack>
          )
        }
      </Answered>
    </Section>
  )
}

const OneCall = ({ call }: { call: Call }) => (
  <details>
    <summary>
      <Text span size="sm">
        {`${formatMoment(call.at)} · ${call.method} ${call.path} · ${call.status ?? words.noAnswer} ${call.outcome} · ${call.durationMs} ms`}
      </Text>
    </summary>
    <Text size="xs" mt="xs">
      {words.request}
    </Text>
    <Json of={call.request} label={words.request} />
    <Text size="xs">{words.answer}</Text>
    <Json of={call.answer} label={words.answer} />
  </details>
)
