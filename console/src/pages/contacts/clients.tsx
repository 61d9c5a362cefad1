import { Anchor, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { Listed } from '../../ui/listed.js'
import { type Column, Filter, Search, useList } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'

const words = text.contacts
type Client = AnswerOf<'listClients'>['items'][number]

const columns: readonly Column<Client>[] = [
  {
    title: words.columns.name,
    cell: ({ id, name, city, archived }) => (
      <>
        <Anchor component={Link} to={`/contacts/${id}`} size="sm" fw={600} lineClamp={2}>
          {name}
        </Anchor>
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

/** Every client with its link to Xero. */
export function Clients() {
  const list = useList(['link'])
  const clients = useAsk('listClients', { query: list.query }, { keep: true })
  return (
    <div className="stack">
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="link" label={words.link} options={words.links} />
      </Group>
      <Listed
        of={clients}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ id }) => id}
        empty={[words.emptyTitle, words.emptyHint]}
      />
    </div>
  )
}
