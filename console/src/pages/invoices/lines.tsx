import { Group, Stack, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { text } from '../../text/index.js'
import { formatHours, formatMoney } from '../../ui/format.js'
import { Rows } from '../../ui/table.js'

const words = text.preview
type Line = AnswerOf<'readInvoice'>['lines'][number]

/** The lines of an invoice and what they come to, as Xero will show them. */
export const Lines = ({
  lines,
  net,
  tax,
  total,
  currency,
}: {
  lines: readonly Line[]
  net: string | null
  tax: string | null
  total: string | null
  currency: string | null
}) => (
  <Stack>
    <Rows
      label={text.invoice.lines}
      rows={lines.map((line, i) => ({ ...line, position: String(i) }))}
      keyOf={({ position }) => position}
      columns={[
        { title: words.lines.description, cell: ({ description }) => description },
        { title: words.lines.quantity, numeric: true, cell: ({ quantity }) => formatHours(quantity) },
        { title: words.lines.price, numeric: true, cell: ({ unitPrice }) => formatMoney(unitPrice) },
        {
          title: words.lines.account,
          cell: ({ accountCode, accountName }) => [accountCode, accountName].filter(Boolean).join(' '),
        },
        { title: words.lines.tax, cell: ({ taxName, taxType }) => taxName ?? taxType },
        { title: words.lines.net, numeric: true, cell: (line) => formatMoney(line.net) },
      ]}
    />
    <Stack gap={4} align="flex-end">
      <Sum name={words.net} amount={formatMoney(net, currency)} />
      <Sum name={words.taxTotal} amount={formatMoney(tax, currency)} />
      <Sum name={words.total} amount={formatMoney(total, currency)} strong />
    </Stack>
  </Stack>
)

const Sum = ({ name, amount, strong = false }: { name: string; amount: string; strong?: boolean }) => (
  <Group gap="xl" justify="space-between" miw={240}>
    <Text c={strong ? undefined : 'dimmed'} fw={strong ? 650 : 400}>
      {name}
    </Text>
    <Text fw={strong ? 650 : 400} fz={strong ? 'lg' : 'md'} className="number">
      {amount}
    </Text>
  </Group>
)
