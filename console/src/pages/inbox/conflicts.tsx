import { Anchor, Button, Group, Paper, Radio, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { type AnswerOf, newKey } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { fieldName, Value } from '../../ui/fields.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { Answered, Empty } from '../../ui/states.js'
import { type Column, Filter, Pager, Rows, Search, useList } from '../../ui/table.js'
import { Settled } from './settled-conflicts.js'

const words = text.conflicts
export type Conflict = AnswerOf<'listConflicts'>['items'][number]
type Side = 'ours' | 'xero'
type Choices = Readonly<Record<string, Side>>

const touched = ['listConflicts', 'listClients', 'readClient'] as const

/** Fields that both sides changed: last synced, ours, Xero's; a person chooses, for one or for all alike, and can take it back. */
export function Conflicts() {
  const list = useList(['state'])
  const state = list.chosen.state
  const conflicts = useAsk('listConflicts', { query: { ...list.query, sort: 'clientName' } }, { keep: true })
  return (
    <div className="stack">
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="state" label={words.state} options={words.states} />
      </Group>
      <Answered of={conflicts} rows={8}>
        {({ items, total, nextCursor }) =>
          items.length === 0 ? (
            <Empty
              title={list.filtered ? text.list.noneTitle : words.emptyTitle}
              hint={list.filtered ? text.list.noneHint : words.emptyHint}
            />
          ) : (
            <div>
              {state ? <Settled conflicts={items} /> : <Open conflicts={items} />}
              <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} />
            </div>
          )
        }
      </Answered>
    </div>
  )
}

/** Choices are made first and saved together, so that a slip costs nothing. */
function Open({ conflicts }: { conflicts: readonly Conflict[] }) {
  const [choices, setChoices] = useState<Choices>({})
  const mayChange = useMayChange()
  const choose = (id: string, side: Side) => setChoices((so) => ({ ...so, [id]: side }))
  const alike = (like: Conflict, side: Side) =>
    setChoices((so) => ({
      ...so,
      ...Object.fromEntries(conflicts.filter(({ field }) => field === like.field).map(({ id }) => [id, side])),
    }))
  const pick = (conflict: Conflict, side: Side, value: string | null) => {
    const whose = side === 'ours' ? words.ours : words.xero
    return (
      <Radio
        name={conflict.id}
        disabled={!mayChange}
        checked={choices[conflict.id] === side}
        onChange={() => choose(conflict.id, side)}
        aria-label={`${conflict.clientName}, ${fieldName(conflict.field)}, ${whose}: ${value || text.fields.empty}`}
        label={<Value of={value} strong={choices[conflict.id] === side} />}
      />
    )
  }
  const columns: readonly Column<Conflict>[] = [
    { title: words.columns.what, cell: (conflict) => <What conflict={conflict} /> },
    { title: words.base, cell: ({ base }) => <Value of={base} /> },
    { title: words.ours, cell: (conflict) => pick(conflict, 'ours', conflict.ours) },
    { title: words.xero, cell: (conflict) => pick(conflict, 'xero', conflict.theirs) },
    {
      title: words.columns.alike,
      cell: (conflict) => {
        const side = choices[conflict.id]
        const others = conflicts.filter(({ id, field }) => field === conflict.field && id !== conflict.id).length
        if (!side || others === 0) return null
        return (
          <Button size="compact-xs" variant="subtle" onClick={() => alike(conflict, side)}>
            {words.alike(others, fieldName(conflict.field))}
          </Button>
        )
      },
    },
  ]
  return (
    <>
      <Rows label={words.title} columns={columns} rows={conflicts} keyOf={({ id }) => id} />
      <SaveBar choices={choices} onSaved={() => setChoices({})} />
    </>
  )
}

export const What = ({ conflict }: { conflict: Conflict }) => (
  <>
    <Anchor component={Link} to={`/contacts/${conflict.clientId}`} size="sm" fw={600}>
      {conflict.clientName}
    </Anchor>
    <Text size="sm" c="dimmed">
      {fieldName(conflict.field)}
    </Text>
  </>
)

/** How many choices wait to be saved; after that, the one click that takes them back. */
function SaveBar({ choices, onSaved }: { choices: Choices; onSaved: () => void }) {
  const resolve = useTell('resolveConflicts', touched)
  const undo = useTell('undoConflicts', touched)
  const [saved, setSaved] = useState<readonly string[]>([])
  const count = Object.keys(choices).length
  const save = async () => {
    const done: string[] = []
    for (const choice of ['ours', 'xero'] as const) {
      const ids = Object.keys(choices).filter((id) => choices[id] === choice)
      if (ids.length === 0) continue
      const answer = await resolve.mutateAsync({ body: { ids, choice }, idempotencyKey: newKey() })
      done.push(...answer.ids)
      for (const { reason } of answer.refused) tellDone(reason)
    }
    setSaved(done)
    onSaved()
  }
  const takeBack = () =>
    undo.mutate(
      { body: { ids: [...saved] }, idempotencyKey: newKey() },
      {
        onSuccess: ({ ids, refused }) => {
          setSaved([])
          for (const { reason } of refused) tellDone(reason)
          tellDone(words.undone(ids.length))
        },
        onError: tellFailed,
      },
    )
  if (count === 0 && saved.length === 0) return null
  return (
    <Paper withBorder p="sm" className="save-bar" role="status">
      <Group justify="space-between">
        <Text size="sm">{count > 0 ? words.chosen(count) : words.saved(saved.length)}</Text>
        {count > 0 ? (
          <Button loading={resolve.isPending} onClick={() => void save().catch(tellFailed)}>
            {words.save(count)}
          </Button>
        ) : (
          <Button variant="default" loading={undo.isPending} onClick={takeBack}>
            {words.undo}
          </Button>
        )}
      </Group>
    </Paper>
  )
}
