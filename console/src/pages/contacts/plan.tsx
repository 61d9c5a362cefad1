import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { fieldName, Value } from '../../ui/fields.js'
import { formatFromNow } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { Listed } from '../../ui/listed.js'
import { tellFailed } from '../../ui/notify.js'
import { type Column, Filter, Search, useList } from '../../ui/table.js'

const words = text.plan
type Planned = AnswerOf<'readContactPlan'>['items'][number]

const hues = { link: 'green', create: 'blue', ask: 'orange', change: 'blue', refuse: 'red' } as const

const columns: readonly Column<Planned>[] = [
  { title: words.columns.client, cell: ({ name }) => name },
  {
    title: words.columns.action,
    cell: ({ action, reason }) => (
      <Stack gap={4} align="flex-start">
        <Badge variant="light" color={hues[action]} tt="none">
          {words.actions[action]}
        </Badge>
        {reason && (
          <Text size="xs" c="dimmed">
            {words.reasons[reason] ?? reason}
          </Text>
        )}
      </Stack>
    ),
  },
  { title: words.columns.fields, cell: ({ fields }) => <Changes fields={fields} /> },
]

/** What a sync of contacts would do, client by client and field by field, before anything is written. */
export function Plan() {
  const list = useList(['action'])
  const plan = useAsk('readContactPlan', { query: list.query }, { keep: true })
  const job = useJob('makeContactPlan')
  const mayChange = useMayChange()
  const madeAt = plan.data?.madeAt ?? null
  const make = mayChange && (
    <Button
      variant={madeAt ? 'default' : 'filled'}
      loading={job.start.isPending}
      onClick={() => job.start.mutate({}, { onError: tellFailed })}
    >
      {madeAt ? words.again : words.make}
    </Button>
  )
  return (
    <div className="stack">
      <Group justify="space-between">
        <Text c="dimmed" maw={720}>
          {madeAt ? words.made(formatFromNow(madeAt, Date.now())) : words.hint}
        </Text>
        {madeAt && make}
      </Group>
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
      {madeAt && (
        <Group>
          <Search list={list} label={words.search} />
          <Filter list={list} name="action" label={words.columns.action} options={words.actions} />
        </Group>
      )}
      <Listed
        of={plan}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ clientId }) => clientId}
        empty={madeAt ? [words.nothingTitle, words.nothingHint] : [words.emptyTitle, words.emptyHint]}
        action={!madeAt && make}
      />
    </div>
  )
}

const Changes = ({ fields }: { fields: Planned['fields'] }) => (
  <Stack gap={2}>
    {fields.slice(0, 6).map(({ field, ours, theirs, goes }) => (
      <Text size="xs" key={field}>
        {`${fieldName(field)}, ${words.goes[goes]}: `}
        <Value of={goes === 'to-us' ? ours : theirs} />
        {goes === 'asked' ? ` ${words.or} ` : ' → '}
        <Value of={goes === 'to-us' ? theirs : ours} strong />
      </Text>
    ))}
    {fields.length > 6 && (
      <Text size="xs" c="dimmed">
        {words.more(fields.length - 6)}
      </Text>
    )}
  </Stack>
)
