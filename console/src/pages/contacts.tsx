import { Button, Group, Text } from '@mantine/core'
import type { AnswerOf } from '../api/client.js'
import { useAsk, useJob } from '../api/hooks.js'
import { useMayChange } from '../shell/who.js'
import { text } from '../text/index.js'
import { formatMoment } from '../ui/format.js'
import { JobProgress } from '../ui/job.js'
import { tellFailed } from '../ui/notify.js'
import { Answered, Empty, Page } from '../ui/states.js'
import { type Column, Filter, Pager, Rows, Search, useList } from '../ui/table.js'
import { Tag } from '../ui/tags.js'

const words = text.contacts
type Client = AnswerOf<'listClients'>['items'][number]

const columns: readonly Column<Client>[] = [
  {
    title: words.columns.name,
    cell: ({ name, archived, city }) => (
      <>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {[city, archived ? words.archived : null].filter(Boolean).join(' · ')}
        </Text>
      </>
    ),
  },
  { title: words.columns.email, cell: ({ email }) => email ?? '–' },
  { title: words.columns.phone, cell: ({ phone, mobile }) => phone ?? mobile ?? '–' },
  { title: words.columns.link, cell: ({ link }) => <Tag of={link} /> },
  { title: words.columns.synced, cell: ({ syncedAt }) => formatMoment(syncedAt) },
]

export default function Contacts() {
  const list = useList(['link'])
  const clients = useAsk('listClients', { query: list.query }, { keep: true })
  const job = useJob('syncClients')
  const mayChange = useMayChange()
  return (
    <Page
      title={words.title}
      hint={words.hint}
      actions={
        mayChange && (
          <Button
            variant="default"
            loading={job.start.isPending}
            onClick={() => job.start.mutate({}, { onError: tellFailed })}
          >
            {words.sync}
          </Button>
        )
      }
    >
      {job.id && <JobProgress id={job.id} onHide={job.forget} />}
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="link" label={words.link} options={words.links} />
      </Group>
      <Answered of={clients} rows={10}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <Empty
              title={list.filtered ? text.list.noneTitle : words.emptyTitle}
              hint={list.filtered ? text.list.noneHint : words.emptyHint}
            />
          ) : (
            <div>
              <Rows
                label={words.title}
                columns={columns}
                rows={items}
                keyOf={({ id }) => id}
                fading={clients.isPlaceholderData}
              />
              <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} />
            </div>
          )
        }
      </Answered>
    </Page>
  )
}
