import { Anchor, Button, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatDay, formatMoney } from '../../ui/format.js'
import { Answered, Empty } from '../../ui/states.js'
import { type Column, Filter, Pager, Rows, Search, useList } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'

const words = text.invoices
type Invoice = AnswerOf<'listInvoices'>['items'][number]

const columns: readonly Column<Invoice>[] = [
  {
    title: words.columns.number,
    cell: ({ id, number }) => (
      <Anchor component={Link} to={`/invoices/${id}`} size="sm" fw={600}>
        {number ?? '–'}
      </Anchor>
    ),
  },
  { title: words.columns.client, cell: ({ clientName }) => clientName ?? '–' },
  { title: words.columns.what, cell: ({ costCentre }) => costCentre },
  { title: words.columns.issued, cell: ({ issuedOn }) => formatDay(issuedOn) },
  { title: words.columns.due, cell: ({ dueOn }) => formatDay(dueOn) },
  {
    title: words.columns.payment,
    cell: ({ state, paymentStatus }) => <Tag of={state === 'issued' && paymentStatus ? paymentStatus : state} />,
  },
  { title: words.columns.total, numeric: true, cell: ({ total, currency }) => formatMoney(total, currency) },
  { title: words.columns.owing, numeric: true, cell: ({ amountDue, currency }) => formatMoney(amountDue, currency) },
]

/** Every invoice with what was paid of it. */
export function Made() {
  const list = useList(['paymentStatus'])
  const invoices = useAsk('listInvoices', { query: list.query }, { keep: true })
  return (
    <div className="stack">
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="paymentStatus" label={words.payment} options={words.payments} />
        <Filter list={list} name="sort" label={text.list.sort} options={words.sorts} />
      </Group>
      <Answered of={invoices} rows={10}>
        {({ items, total, totals, nextCursor }) =>
          items.length === 0 ? (
            <Empty
              title={list.filtered ? text.list.noneTitle : words.emptyTitle}
              hint={list.filtered ? text.list.noneHint : words.emptyHint}
              action={
                !list.filtered && (
                  <Button component={Link} to="/invoices?tab=ready" mt="sm">
                    {words.toReady}
                  </Button>
                )
              }
            />
          ) : (
            <div>
              <Group gap="xl" mb="md">
                {(
                  [
                    [words.totals.total, totals.total],
                    [words.totals.paid, totals.amountPaid],
                    [words.totals.due, totals.amountDue],
                  ] as const
                ).map(([name, amount]) => (
                  <div key={name}>
                    <Text size="sm" c="dimmed">
                      {name}
                    </Text>
                    <Text fw={650} fz="lg" className="number">
                      {formatMoney(amount, items[0]?.currency ?? null)}
                    </Text>
                  </div>
                ))}
              </Group>
              <Rows
                label={words.made}
                columns={columns}
                rows={items}
                keyOf={({ id }) => id}
                fading={invoices.isPlaceholderData}
              />
              <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} />
            </div>
          )
        }
      </Answered>
    </div>
  )
}
