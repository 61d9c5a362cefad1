import { Stack, Text, Title } from '@mantine/core'
import { text } from '../../text/index.js'
import { formatDay, formatHours, formatMoment, formatMoney } from '../../ui/format.js'
import { Empty } from '../../ui/states.js'
import { type Column, Rows } from '../../ui/table.js'
import type { Detail } from './invoice.js'

const words = text.invoice
type Sheet = Detail['timesheets'][number]

const columns: readonly Column<Sheet>[] = [
  { title: words.sheetColumns.date, cell: ({ date }) => formatDay(date) },
  { title: words.sheetColumns.worker, cell: ({ worker }) => worker },
  { title: words.sheetColumns.hours, numeric: true, cell: ({ hours }) => formatHours(hours) },
  { title: words.sheetColumns.rate, numeric: true, cell: ({ rate }) => formatMoney(rate) },
  {
    title: words.sheetColumns.approved,
    cell: ({ approvedBy, approvedAt }) => (approvedBy ? words.approved(approvedBy, formatMoment(approvedAt)) : '–'),
  },
]

/** Line by line, the timesheets and approvals that it is made of. */
export function Behind({ invoice: { lines, timesheets } }: { invoice: Detail }) {
  if (timesheets.length === 0) return <Empty title={words.freedTitle} hint={words.freedHint} />
  return (
    <Stack gap="lg">
      {lines.map((line, i) => {
        const title = `${i + 1}. ${line.description}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are frozen, and two may read the same
          <div key={i}>
            <Title order={3} size="h6">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {words.makes(formatHours(line.quantity), formatMoney(line.unitPrice), formatMoney(line.net))}
            </Text>
            <Rows
              label={title}
              columns={columns}
              rows={timesheets.filter(({ id }) => line.timesheetIds.includes(id))}
              keyOf={({ id }) => id}
            />
          </div>
        )
      })}
    </Stack>
  )
}
