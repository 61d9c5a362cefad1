import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useXeroPlaces } from '../../api/config.js'
import { text } from '../../text/index.js'
import { fieldName, Value } from '../../ui/fields.js'
import { formatDay, formatMoney } from '../../ui/format.js'
import { Icon } from '../../ui/icons.js'
import { Listed } from '../../ui/listed.js'
import type { Column, List } from '../../ui/table.js'
import { ourPlace, xeroPlace } from './places.js'

const words = text.report
type Answer = AnswerOf<'readReport'>
export type Difference = Answer['items'][number]

const hues = {
  'missing-here': 'blue',
  'missing-there': 'red',
  differs: 'orange',
  cents: 'red',
  orphan: 'grape',
} as const
const amounts = ['net', 'tax', 'total', 'amountDue', 'amountPaid', 'amountCredited', 'rate']
const days = ['date', 'dueOn', 'fullyPaidOn']

/** A value as a person writes it: what is money as money, a day as a day. */
function shown(field: string | null, value: string | null): string | null {
  if (value === null || field === null) return value
  if (amounts.includes(field)) return formatMoney(value)
  return days.includes(field) ? formatDay(value) : value
}

const columns: readonly Column<Difference>[] = [
  { title: words.columns.what, cell: (difference) => <What difference={difference} /> },
  {
    title: words.columns.kind,
    cell: ({ kind, field }) => (
      <Stack gap={4} align="flex-start">
        <Badge variant="light" color={hues[kind]} tt="none" miw="max-content">
          {words.kinds[kind]}
        </Badge>
        {field && (
          <Text size="xs" c="dimmed">
            {words.fields[field] ?? fieldName(field)}
          </Text>
        )}
      </Stack>
    ),
  },
  {
    title: words.columns.ours,
    cell: ({ field, ours }) =>
      field && (
        <div className="breakable">
          <Value of={shown(field, ours)} />
        </div>
      ),
  },
  {
    title: words.columns.theirs,
    cell: ({ kind, field, theirs, cents }) => (
      <div className="breakable">
        {field && kind !== 'missing-there' && <Value of={shown(field, theirs)} strong />}
        {cents && (
          <Text size="xs" c="dimmed" className="number">
            {words.by(signed(cents))}
          </Text>
        )}
      </div>
    ),
  },
  {
    title: words.columns.todo,
    cell: ({ verdict }) => (
      <Text size="sm" miw={200}>
        {verdict}
      </Text>
    ),
  },
]

const signed = (cents: string): string => (cents.startsWith('-') ? formatMoney(cents) : `+${formatMoney(cents)}`)

/** Where both sides differ, what each difference means, and the way to the thing on either side. */
export function Differences({ of, list, state }: { of: UseQueryResult<Answer>; list: List; state: string }) {
  const empty: readonly [string, string] =
    state === 'running'
      ? [words.running, words.runningHint]
      : state === 'done'
        ? [words.none, words.noneHint]
        : [words.stopped, words.stoppedHint]
  return <Listed of={of} list={list} label={words.differences} columns={columns} keyOf={({ id }) => id} empty={empty} />
}

function What({ difference }: { difference: Difference }) {
  const places = useXeroPlaces()
  const name = difference.name || words.unnamed
  const here = ourPlace(difference)
  const there = xeroPlace(difference)
  return (
    <Stack gap={8} miw={150}>
      {here ? (
        <Anchor component={Link} to={here} size="sm" fw={600} aria-label={words.openOf(name)}>
          {name}
        </Anchor>
      ) : (
        <Text size="sm" fw={600}>
          {name}
        </Text>
      )}
      <Group gap="xs" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {words.entities[difference.entity]}
        </Text>
        {there && places && (
          <Anchor
            href={places.office + there}
            target="_blank"
            rel="noreferrer"
            size="xs"
            aria-label={words.inXeroOf(name)}
          >
            <Group gap={4} wrap="nowrap">
              {words.inXero} <Icon name="external" size={12} />
            </Group>
          </Anchor>
        )}
      </Group>
    </Stack>
  )
}
