import { Badge, Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AnswerOf } from '../../api/client.js'
import { download } from '../../api/download.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatCount } from '../../ui/format.js'
import { tellFailed } from '../../ui/notify.js'
import { Answered, Empty, Section } from '../../ui/states.js'
import { type Column, Rows } from '../../ui/table.js'
import { When } from '../../ui/when.js'
import { changesOf } from './changes.js'
import { type Folded, fold, said } from './events.js'

const words = text.whatHappened
type Source = 'readInvoiceHistory' | 'readClientHistory'
export type Events = AnswerOf<Source>['events']

/** Everything behind one invoice or client, from its first hour on. Long, so it is asked for only when somebody wants it. */
export function WhatHappened({ of, id }: { of: Source; id: string }) {
  const [open, setOpen] = useState(false)
  const save = useMutation({
    mutationFn: () => download(of, { params: { id }, query: { download: true } }, 'history.json'),
    onError: tellFailed,
  })
  return (
    <Section
      title={words.title}
      hint={words.hint}
      aside={
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.hide : words.show}
          </Button>
          <Button size="xs" variant="default" loading={save.isPending} onClick={() => save.mutate()}>
            {words.download}
          </Button>
        </Group>
      }
    >
      {open && <Told of={of} id={id} />}
    </Section>
  )
}

function Told({ of, id }: { of: Source; id: string }) {
  const history = useAsk(of, { params: { id } })
  return (
    <Answered of={history} rows={8}>
      {({ events }) =>
        events.length === 0 ? (
          <Empty title={words.emptyTitle} hint={words.emptyHint} />
        ) : (
          <Rows label={words.title} columns={columns} rows={fold(events)} keyOf={({ key }) => key} />
        )
      }
    </Answered>
  )
}

const Said = ({ event }: { event: Folded }) =>
  event.kind === 'change' ? (
    changesOf(event.details).map((change) => (
      <Text size="sm" key={change}>
        {change}
      </Text>
    ))
  ) : (
    <Text size="sm">
      {said(event)}
      {event.times > 1 && ` (${words.times(formatCount(event.times))})`}
    </Text>
  )

const columns: readonly Column<Folded>[] = [
  { title: words.columns.when, cell: ({ at }) => <When at={at} /> },
  {
    title: words.columns.kind,
    cell: ({ kind }) => (
      <Badge variant="light" color="gray" tt="none" miw="max-content">
        {words.kinds[kind]}
      </Badge>
    ),
  },
  {
    title: words.columns.what,
    cell: (event) => <Said event={event} />,
  },
  { title: words.columns.by, cell: ({ by }) => by ?? '–' },
]
