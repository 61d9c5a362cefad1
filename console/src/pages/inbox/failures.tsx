import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useAsk } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatMoney } from '../../ui/format.js'
import { Answered, Empty } from '../../ui/states.js'
import { Filter, Pager, Search, useList } from '../../ui/table.js'
import { Dismiss } from './dismiss.js'
import { FailureCard } from './failure-card.js'
import { Retry } from './retry.js'

const words = text.inbox

/** What can't go on: the other side's words, ours, and what to do. */
export function Failures() {
  const list = useList(['entity'])
  const failures = useAsk('listFailures', { query: list.query }, { keep: true })
  const [selected, setSelected] = useState<readonly string[]>([])
  const [dismissing, setDismissing] = useState<readonly string[]>([])
  const mayChange = useMayChange()
  const select = (id: string, on: boolean) =>
    setSelected((so) => (on ? [...so, id] : so.filter((other) => other !== id)))
  return (
    <div className="stack">
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="entity" label={words.entity} options={words.entities} />
        {mayChange && selected.length > 0 && (
          <Button size="xs" variant="default" onClick={() => setDismissing(selected)}>
            {words.dismissMany(selected.length)}
          </Button>
        )}
        {mayChange && <Retry ids={selected} label={words.retryMany(selected.length)} onDone={() => setSelected([])} />}
      </Group>
      <Answered of={failures} rows={8}>
        {({ items, total, totals, nextCursor }) =>
          items.length === 0 ? (
            <Empty
              title={list.filtered ? text.list.noneTitle : words.emptyTitle}
              hint={list.filtered ? text.list.noneHint : words.emptyHint}
            />
          ) : (
            <div className="stack">
              {Number(totals.money) > 0 && <Text c="dimmed">{words.holdUp(formatMoney(totals.money))}</Text>}
              {items.map((failure) => (
                <FailureCard
                  key={failure.id}
                  failure={failure}
                  selected={selected.includes(failure.id)}
                  onSelect={(on) => select(failure.id, on)}
                  onDismiss={() => setDismissing([failure.id])}
                />
              ))}
              <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} />
            </div>
          )
        }
      </Answered>
      <Dismiss
        ids={dismissing}
        onClose={(done) => {
          setDismissing([])
          if (done) setSelected([])
        }}
      />
    </div>
  )
}
