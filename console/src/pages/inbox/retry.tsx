import { Alert, Button, List, Stack } from '@mantine/core'
import { useState } from 'react'
import type { AnswerOf } from '../../api/client.js'
import { useTell, useWishKey } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'

const words = text.inbox
type Retried = AnswerOf<'retryFailures'>

/** Tries again one or many. Xero is asked first; the answer says of each whether it was sent, is there already, or can't be told. */
export function Retry({ ids, label, onDone }: { ids: readonly string[]; label: string; onDone?: () => void }) {
  const retry = useTell('retryFailures', ['listFailures', 'readOverview', 'readClient'])
  const [outcome, setOutcome] = useState<Retried | null>(null)
  const key = useWishKey()
  const go = () =>
    retry.mutate(
      { body: { ids: [...ids] }, idempotencyKey: key.of(ids) },
      {
        onSuccess: (answer) => {
          key.settle()
          setOutcome(answer)
          onDone?.()
        },
        onError: (error) => {
          key.settle(error)
          tellFailed(error)
        },
      },
    )
  return (
    <Stack gap="xs" align="flex-start">
      {ids.length > 0 && (
        <Button size="xs" variant="default" loading={retry.isPending} onClick={go}>
          {label}
        </Button>
      )}
      {outcome && <Outcome of={outcome} />}
    </Stack>
  )
}

function Outcome({ of: { results } }: { of: Retried }) {
  const kinds = [...new Set(results.map(({ outcome }) => outcome))]
  const commands = [...new Set(results.flatMap(({ commandId }) => commandId ?? []))]
  return (
    <Alert variant="light" color={kinds.includes('unsure') ? 'orange' : 'blue'} role="status" w="100%">
      <List size="sm">
        {kinds.map((kind) => {
          const those = results.filter(({ outcome }) => outcome === kind)
          const reasons = [...new Set(those.map(({ because }) => because))]
          return <List.Item key={kind}>{`${words.outcomes[kind](those.length)}: ${reasons.join(' · ')}`}</List.Item>
        })}
      </List>
      {commands.slice(0, 3).map((id) => (
        <JobProgress key={id} id={id} />
      ))}
    </Alert>
  )
}
