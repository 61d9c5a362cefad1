import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatDay, formatMoney } from '../../ui/format.js'

const words = text.invoices

/** Work before the first day is never billed: said with what it is worth, or a person looks for hours that don't show. */
export function BilledFrom() {
  const { data } = useAsk('readInvoicingSettings')
  const earlier = useEarlierWork()
  if (!data?.billFrom) return null
  return (
    <Text size="sm" c="dimmed">
      {`${words.billedFrom(formatDay(data.billFrom))} ${earlier ? `${words.earlier(earlier.money, earlier.since)} ` : ''}`}
      <Anchor component={Link} to="/settings/xero?tab=invoicing" size="sm" underline="always">
        {words.changeFrom}
      </Anchor>
    </Text>
  )
}

/** Approved work that the first day leaves out; null where there is none. */
export function useEarlierWork(): { readonly money: string; readonly since: string } | null {
  const { data } = useAsk('listUnbilled', { query: { cause: 'before-first-day', sort: 'oldest', limit: 1 } })
  if (!data || data.total === 0) return null
  return { money: formatMoney(data.totals.money), since: formatDay(data.items[0]?.oldest ?? null) }
}
