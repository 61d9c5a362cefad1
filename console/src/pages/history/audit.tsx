import { Group, Stack, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { Json } from '../../ui/json.js'
import { Listed } from '../../ui/listed.js'
import { type Column, Filter, Search, useList } from '../../ui/table.js'
import { When } from '../../ui/when.js'

const words = text.audit
type Entry = AnswerOf<'listAudit'>['items'][number]

const actionName = (action: string): string => words.actions[action] ?? action

const columns: readonly Column<Entry>[] = [
  { title: words.columns.when, cell: ({ at }) => <When at={at} /> },
  { title: words.columns.who, cell: ({ actor }) => actor },
  {
    title: words.columns.action,
    cell: ({ action }) => (
      <Text size="sm" miw={190}>
        {actionName(action)}
      </Text>
    ),
  },
  { title: words.columns.from, cell: ({ address }) => address ?? '–' },
  { title: words.columns.details, cell: (entry) => <Details entry={entry} /> },
]

/** Who asked for what, when, from where. */
export function Audit() {
  const list = useList(['action'])
  const entries = useAsk('listAudit', { query: list.query }, { keep: true })
  return (
    <div className="stack">
      <Text c="dimmed">{words.hint}</Text>
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="action" label={words.action} options={words.actions} />
      </Group>
      <Listed
        of={entries}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ id }) => id}
        empty={[words.emptyTitle, words.emptyHint]}
      />
    </div>
  )
}

function Details({ entry: { at, action, target, requestId, details } }: { entry: Entry }) {
  const label = words.detailsOf(actionName(action), formatMoment(at))
  return (
    <details>
      <summary aria-label={label}>{words.show}</summary>
      <Stack gap={4} mt="xs">
        {target && <Text size="xs">{`${words.target} ${target}`}</Text>}
        {requestId && <Text size="xs">{`${words.request} ${requestId}`}</Text>}
        {Object.keys(details).length > 0 && <Json of={details} label={label} />}
      </Stack>
    </details>
  )
}
