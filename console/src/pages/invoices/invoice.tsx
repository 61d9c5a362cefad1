import { Anchor, Group, SimpleGrid } from '@mantine/core'
import { Link, useParams } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useXeroPlaces } from '../../api/config.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { Fact } from '../../ui/fact.js'
import { formatDay, formatHours, formatMoment, formatMoney } from '../../ui/format.js'
import { Icon } from '../../ui/icons.js'
import { Answered, Page, Section } from '../../ui/states.js'
import { type Column, Rows } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import { NextStep } from '../start/next-step.js'
import { Lines } from './lines.js'

const words = text.invoice
type Detail = AnswerOf<'readInvoice'>

const columns: readonly Column<Detail['timesheets'][number]>[] = [
  { title: words.sheetColumns.date, cell: ({ date }) => formatDay(date) },
  { title: words.sheetColumns.worker, cell: ({ worker }) => worker },
  { title: words.sheetColumns.activity, cell: ({ activity }) => activity ?? '–' },
  { title: words.sheetColumns.hours, numeric: true, cell: ({ hours }) => formatHours(hours) },
  { title: words.sheetColumns.rate, numeric: true, cell: ({ rate }) => formatMoney(rate) },
  {
    title: words.sheetColumns.approved,
    cell: ({ approvedBy, approvedAt }) => (approvedBy ? words.approved(approvedBy, formatMoment(approvedAt)) : '–'),
  },
]

/** One invoice: what was sent, what was paid, and the timesheets behind its lines. */
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
            <Section title={data.costCentre} aside={<Tag of={data.state} />}>
              <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
                <Fact name={words.facts.client} value={data.clientName ?? '–'} />
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
                <Fact name={words.facts.note} value={formatMoment(data.noteWrittenAt)} />
              </SimpleGrid>
            </Section>
            <Section title={words.lines}>
              <Lines {...data} />
            </Section>
            <Section title={words.timesheets}>
              <Rows label={words.timesheets} columns={columns} rows={data.timesheets} keyOf={(sheet) => sheet.id} />
            </Section>
          </>
        )}
      </Answered>
    </Page>
  )
}

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
