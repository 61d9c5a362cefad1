import { Card, SimpleGrid, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatCount, formatMoney } from '../../ui/format.js'
import type { Now } from './page.js'

const words = text.overview

/** What waits for a person, in numbers and in money; each leads to where it is settled. */
export function NeedsYou({ now: { needsMe, unbilled, overdue } }: { now: Now }) {
  const latest = useAsk('listInvoices', { query: { limit: 1 } })
  const money = (amount: string) => formatMoney(amount, latest.data?.items[0]?.currency ?? null)
  const questions = needsMe.conflicts + needsMe.matches
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} component="section" aria-label={words.needs}>
      <Figure
        to="/invoices?tab=ready"
        name={words.unbilled}
        value={money(unbilled.money)}
        hint={words.unbilledHint(formatCount(unbilled.costCentres))}
      />
      <Figure
        to="/inbox"
        name={words.failed}
        value={formatCount(needsMe.failures)}
        hint={Number(needsMe.money) > 0 ? words.failedMoney(money(needsMe.money)) : words.failedHint}
        alarming={needsMe.failures > 0}
      />
      <Figure
        to={needsMe.matches > 0 && needsMe.conflicts === 0 ? '/inbox?tab=matches' : '/inbox?tab=conflicts'}
        name={words.questions}
        value={formatCount(questions)}
        hint={words.questionsHint(formatCount(needsMe.conflicts), formatCount(needsMe.matches))}
        alarming={questions > 0}
      />
      <Figure
        to="/invoices?paymentStatus=Overdue"
        name={words.overdue}
        value={money(overdue.money)}
        hint={words.overdueHint(formatCount(overdue.count))}
        alarming={overdue.count > 0}
      />
    </SimpleGrid>
  )
}

const Figure = ({
  to,
  name,
  value,
  hint,
  alarming = false,
}: {
  to: string
  name: string
  value: string
  hint: string
  alarming?: boolean
}) => (
  <Card withBorder component={Link} to={to} className="figure">
    <Text size="sm" c="dimmed">
      {name}
    </Text>
    <Text fz={26} fw={650} className="number" c={alarming ? 'error' : undefined}>
      {value}
    </Text>
    <Text size="xs" c="dimmed">
      {hint}
    </Text>
  </Card>
)
