import { Button, Group, Text } from '@mantine/core'
import { type AnswerOf, newKey } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Listed } from '../../ui/listed.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { type Column, Search, useList } from '../../ui/table.js'

const words = text.strangers
type Contact = AnswerOf<'listUnknownContacts'>['items'][number]

const columns: readonly Column<Contact>[] = [
  {
    title: words.columns.name,
    cell: ({ fields, isCustomer }) => (
      <>
        <Text size="sm" fw={600}>
          {fields.name}
        </Text>
        {isCustomer && (
          <Text size="xs" c="dimmed">
            {words.customer}
          </Text>
        )}
      </>
    ),
  },
  { title: words.columns.email, cell: ({ fields }) => fields.email ?? '–' },
  { title: words.columns.phone, cell: ({ fields }) => fields.phone ?? fields.mobile ?? '–' },
  { title: words.columns.answer, cell: (contact) => <Answer contact={contact} /> },
]

/** Contacts in Xero that no client is. */
export function Strangers() {
  const list = useList([])
  const contacts = useAsk('listUnknownContacts', { query: list.query }, { keep: true })
  return (
    <div className="stack">
      <Text c="dimmed">{words.hint}</Text>
      <Search list={list} label={words.search} />
      <Listed
        of={contacts}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ contactId }) => contactId}
        empty={[words.emptyTitle, words.emptyHint]}
      />
    </div>
  )
}

function Answer({ contact: { contactId, fields } }: { contact: Contact }) {
  const mayChange = useMayChange()
  const answer = useTell('answerUnknownContact', ['listUnknownContacts', 'listClients'])
  if (!mayChange) return null
  const tell = (body: { create: true } | { ignore: true }, done: string) =>
    answer.mutate(
      { params: { contactId }, body, idempotencyKey: newKey() },
      { onSuccess: () => tellDone(done), onError: tellFailed },
    )
  const name = fields.name ?? ''
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        disabled={answer.isPending}
        aria-label={`${words.create}: ${name}`}
        onClick={() => tell({ create: true }, words.created(name))}
      >
        {words.create}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        disabled={answer.isPending}
        aria-label={`${words.ignore}: ${name}`}
        onClick={() => tell({ ignore: true }, words.ignored(name))}
      >
        {words.ignore}
      </Button>
    </Group>
  )
}
