import { Alert, Anchor, Group, SimpleGrid, Stack } from '@mantine/core'
import { Link, useParams } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useXeroPlaces } from '../../api/config.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { formatDay, formatMoment, formatMoney } from '../../ui/format.js'
import { Icon } from '../../ui/icons.js'
import { Answered, Page, Section } from '../../ui/states.js'
import { Tag } from '../../ui/tags.js'
import { WhatHappened } from '../history/what-happened.js'
import { NextStep } from '../start/next-step.js'
import { Behind } from './behind.js'
import { Calls } from './calls.js'
import { Lines } from './lines.js'
import { Void } from './void.js'

const words = text.invoice
export type Detail = AnswerOf<'readInvoice'>

/** One invoice: its lines, the timesheets behind each, what was paid, what Xero was told, and the way to take it back. */
export default function InvoicePage() {
  const { id = '' } = useParams()
  const invoice = useAsk('readInvoice', { params: { id } })
  const number = invoice.data?.number
  return (
    <Page
      title={number ? words.title(number) : words.untitled}
      actions={
        <Group>
          <Anchor component={Link} to="/invoices">
            {words.back}
          </Anchor>
          {invoice.data?.xeroInvoiceId && <InXero id={invoice.data.xeroInvoiceId} />}
        </Group>
      }
    >
      <NextStep />
      <Answered of={invoice} rows={12}>
        {(data) => (
          <>
            <Remarks invoice={data} />
            <Section title={data.costCentre} aside={<Tag of={data.state} />}>
              <Facts invoice={data} />
            </Section>
            <Section title={words.lines}>
              <Lines {...data} />
            </Section>
            <Section title={words.timesheets} hint={words.timesheetsHint}>
              <Behind invoice={data} />
            </Section>
            <Calls id={data.id} />
            <WhatHappened of="readInvoiceHistory" id={data.id} />
            <Void invoice={data} />
          </>
        )}
      </Answered>
    </Page>
  )
}

/** What is out of the ordinary, each in a sentence. */
function Remarks({ invoice: { edits, remark, numberGap, voided } }: { invoice: Detail }) {
  const said = [
    ...edits.map(({ field, ours, xero }) => words.edited(field, xero || words.nothing, ours || words.nothing)),
    remark,
    numberGap,
    voided &&
      words.voided(voided.by === 'xero' || !voided.by ? words.inXeroItself : voided.by, formatMoment(voided.at)),
  ].filter((words) => typeof words === 'string')
  if (said.length === 0) return null
  return (
    <Alert color="orange" variant="light">
      <Stack gap={4}>
        {said.map((sentence) => (
          <span key={sentence}>{sentence}</span>
        ))}
      </Stack>
    </Alert>
  )
}

const Facts = ({ invoice: data }: { invoice: Detail }) => (
  <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
    <Fact
      name={words.facts.client}
      value={
        data.clientId ? (
          <Anchor component={Link} to={`/contacts/${data.clientId}`} lineClamp={2}>
            {data.clientName}
          </Anchor>
        ) : (
          '–'
        )
      }
    />
    <Fact name={words.facts.reference} value={data.reference ?? '–'} />
    <Fact name={words.facts.issued} value={formatDay(data.issuedOn)} />
    <Fact name={words.facts.due} value={formatDay(data.dueOn)} />
    <Fact
      name={words.facts.owing}
      value={
        <Group gap="xs">
          {formatMoney(data.amountDue, data.currency)}
          {data.paymentStatus && <Tag of={data.paymentStatus} />}
        </Group>
      }
    />
    <Fact name={words.facts.paid} value={formatMoney(data.amountPaid, data.currency)} />
    <Fact name={words.facts.sent} value={formatMoment(data.sentAt)} />
    <Fact
      name={words.facts.note}
      value={data.note ?? '–'}
      hint={data.noteWrittenAt ? formatMoment(data.noteWrittenAt) : words.noteLater}
    />
  </SimpleGrid>
)

function InXero({ id }: { id: string }) {
  const places = useXeroPlaces()
  return (
    <Anchor
      href={places ? `${places.office}/AccountsReceivable/View.aspx?InvoiceID=${id}` : undefined}
      target="_blank"
      rel="noreferrer"
    >
      <Group gap={4} wrap="nowrap">
        {words.inXero} <Icon name="external" size={14} />
      </Group>
    </Anchor>
  )
}
