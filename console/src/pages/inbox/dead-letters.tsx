import { Button, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { tellDone, tellFailed } from '../../ui/notify.js'
import { Answered, Empty } from '../../ui/states.js'
import { Rows } from '../../ui/table.js'

const words = text.inbox
type Letter = AnswerOf<'listDeadLetters'>['items'][number]

/** Messages that no service could handle, for the operator. */
export function DeadLetters() {
  const letters = useAsk('listDeadLetters', { query: { limit: 50 } })
  const { message, service, reason, at } = words.deadColumns
  return (
    <div className="stack">
      <Text c="dimmed">{words.deadHint}</Text>
      <Answered of={letters} rows={6}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.deadEmptyTitle} hint={words.deadEmptyHint} />
          ) : (
            <Rows<Letter>
              label={words.dead}
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                { title: message, cell: ({ name }) => name },
                { title: service, cell: (letter) => letter.service },
                { title: reason, cell: (letter) => letter.reason },
                { title: at, cell: ({ deadAt }) => formatMoment(deadAt) },
                { title: words.redrive, cell: (letter) => <Redrive letter={letter} /> },
              ]}
            />
          )
        }
      </Answered>
    </div>
  )
}

function Redrive({ letter: { id, service, name } }: { letter: Letter }) {
  const redrive = useTell('redriveDeadLetters', ['listDeadLetters'])
  const mayChange = useMayChange()
  if (!mayChange) return null
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`${words.redrive}: ${name}`}
      loading={redrive.isPending}
      onClick={() =>
        redrive.mutate(
          { body: { service, ids: [id] } },
          { onSuccess: () => tellDone(words.redriven), onError: tellFailed },
        )
      }
    >
      {words.redrive}
    </Button>
  )
}
