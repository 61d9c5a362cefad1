import { Button } from '@mantine/core'
import { newKey } from '../../api/client.js'
import { useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { fieldName, Value } from '../../ui/fields.js'
import { formatMoment } from '../../ui/format.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { Rows } from '../../ui/table.js'
import { type Conflict, What } from './conflicts.js'

const words = text.conflicts

/** What was answered, by whom, and the way back. */
export const Settled = ({ conflicts }: { conflicts: readonly Conflict[] }) => (
  <Rows
    label={words.title}
    rows={conflicts}
    keyOf={({ id }) => id}
    columns={[
      { title: words.columns.what, cell: (conflict) => <What conflict={conflict} /> },
      { title: words.ours, cell: ({ ours, choice }) => <Value of={ours} strong={choice === 'ours'} /> },
      { title: words.xero, cell: ({ theirs, choice }) => <Value of={theirs} strong={choice === 'xero'} /> },
      {
        title: words.columns.by,
        cell: ({ resolvedBy, resolvedAt }) => (resolvedAt ? words.by(resolvedBy ?? '', formatMoment(resolvedAt)) : '–'),
      },
      { title: words.columns.undo, cell: (conflict) => <Undo conflict={conflict} /> },
    ]}
  />
)

function Undo({ conflict: { id, state, clientName, field } }: { conflict: Conflict }) {
  const mayChange = useMayChange()
  const undo = useTell('undoConflict', ['listConflicts', 'listClients', 'readClient'])
  if (!mayChange || state !== 'resolved') return null
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={undo.isPending}
      aria-label={`${words.undo}: ${clientName}, ${fieldName(field)}`}
      onClick={() =>
        undo.mutate(
          { params: { id }, idempotencyKey: newKey() },
          {
            onSuccess: ({ ids, refused }) => tellDone(refused[0]?.reason ?? words.undone(ids.length)),
            onError: tellFailed,
          },
        )
      }
    >
      {words.undo}
    </Button>
  )
}
