import { Card, SimpleGrid, Skeleton, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatCount, formatMoney, sum } from '../../ui/format.js'

const words = text.overview

/** What waits for a person, in numbers and in money; each leads to where it is settled. */
export function NeedsYou() {
  const status = useAsk('readSyncStatus')
  const questions = useAsk('listClients', { query: { link: 'question', limit: 1 } })
  const centres = useAsk('listCostCentres', { query: { ready: true, sort: '-money', limit: 200 } })
  const overdue = useAsk('listInvoices', { query: { paymentStatus: 'Overdue', limit: 1 } })
  const latest = useAsk('listInvoices', { query: { limit: 1 } })
  const unbilled = centres.data && sum(centres.data.items.map((centre) => centre.unbilled.money))
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} component="section" aria-label={words.needs}>
      <Figure
        to="/invoices?tab=ready"
        name={words.unbilled}
        value={unbilled && formatMoney(unbilled, latest.data?.items[0]?.currency ?? null)}
        hint={centres.data && words.unbilledHint(formatCount(centres.data.total))}
      />
      <Figure
        to="/inbox"
        name={words.failed}
        value={status.data && formatCount(status.data.openFailures)}
        hint={words.failedHint}
        alarming={(status.data?.openFailures ?? 0) > 0}
      />
      <Figure
        to="/contacts?link=question"
        name={words.questions}
        value={questions.data && formatCount(questions.data.total)}
        hint={words.questionsHint}
        alarming={(questions.data?.total ?? 0) > 0}
      />
      <Figure
        to="/invoices?paymentStatus=Overdue"
        name={words.overdue}
        value={overdue.data && formatCount(overdue.data.total)}
        hint={words.overdueHint}
        alarming={(overdue.data?.total ?? 0) > 0}
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
  value: string | undefined
  hint: string | undefined
  alarming?: boolean
}) => (
  <Card withBorder component={Link} to={to} className="figure">
    <Text size="sm" c="dimmed">
      {name}
    </Text>
    {value === undefined ? (
      <Skeleton height={32} my={4} width="60%" />
    ) : (
      <Text fz={26} fw={650} className="number" c={alarming ? 'error' : undefined}>
        {value}
      </Text>
    )}
    <Text size="xs" c="dimmed">
      {hint ?? ' '}
    </Text>
  </Card>
)
