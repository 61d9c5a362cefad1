import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatDay, formatHours, formatMoney } from '../../ui/format.js'
import { Listed } from '../../ui/listed.js'
import { type Column, Filter, Search, useList } from '../../ui/table.js'
import { BilledElsewhere } from './billed-elsewhere.js'

const words = text.unbilled
export type Unbilled = AnswerOf<'listUnbilled'>['items'][number]

const columns: readonly Column<Unbilled>[] = [
  {
    title: words.columns.what,
    cell: ({ costCenterId, costCentre, clientName }) => (
      <>
        {costCenterId ? (
          <Anchor component={Link} to={`/invoices/preview/${costCenterId}`} size="sm" fw={600}>
            {costCentre}
          </Anchor>
        ) : (
          costCentre
        )}
        <Text size="xs" c="dimmed" lineClamp={2}>
          {clientName}
        </Text>
      </>
    ),
  },
  {
    title: words.columns.cause,
    cell: (row) => (
      <Stack gap={4} align="flex-start">
        <Text size="sm">{row.title}</Text>
        <Text size="xs" c="dimmed">
          {row.remedy}
        </Text>
        {row.cause === 'before-first-day' && <BilledElsewhere row={row} />}
      </Stack>
    ),
  },
  { title: words.columns.since, cell: ({ oldest }) => formatDay(oldest) },
  { title: words.columns.hours, numeric: true, cell: ({ hours }) => formatHours(hours) },
  { title: words.columns.money, numeric: true, cell: ({ money }) => formatMoney(money) },
]

/** Approved work that is on no invoice yet, in money, with what stands in its way. */
export function UnbilledWork() {
  const list = useList(['cause', 'age'])
  const unbilled = useAsk('listUnbilled', { query: { ...list.query, sort: '-money' } }, { keep: true })
  const all = useAsk('listUnbilled', { query: { limit: 1 } })
  const causes = Object.fromEntries(all.data?.totals.byCause.map(({ cause, title }) => [cause, title]) ?? [])
  return (
    <div className="stack">
      <Text c="dimmed">{words.hint}</Text>
      {unbilled.data && (
        <Group gap="xl">
          {[{ title: words.total, money: unbilled.data.totals.money }, ...unbilled.data.totals.byCause].map(
            ({ title, money }) => (
              <div key={title}>
                <Text size="sm" c="dimmed">
                  {title}
                </Text>
                <Text fw={650} fz="lg" className="number">
                  {formatMoney(money)}
                </Text>
              </div>
            ),
          )}
        </Group>
      )}
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="cause" label={words.columns.cause} options={causes} />
        <Filter list={list} name="age" label={words.age} options={words.ages} />
      </Group>
      <Listed
        of={unbilled}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ costCenterId, cause }) => `${costCenterId} ${cause}`}
        empty={[words.emptyTitle, words.emptyHint]}
      />
    </div>
  )
}
