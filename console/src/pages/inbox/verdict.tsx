import { Badge, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatFromNow, formatMoney } from '../../ui/format.js'
import { Failed } from '../../ui/states.js'

const words = text.inbox
const hues = { safe: 'green', there: 'blue', unsure: 'orange' } as const
type Known = NonNullable<AnswerOf<'listFailures'>['items'][number]['verdict']>

/** Whether Xero has the thing that failed: what is known, and the button that asks. */
export function Verdict({ id, known }: { id: string; known: Known | null }) {
  const mayChange = useMayChange()
  const [asked, setAsked] = useState(false)
  const verdict = useAsk('readVerdict', { params: { id } }, { enabled: asked })
  const now = verdict.data ?? known
  return (
    <Group gap="xs">
      {now && (
        <>
          <Badge variant="light" tt="none" color={hues[now.verdict]}>
            {words.verdicts[now.verdict]}
          </Badge>
          <Text size="sm">
            {[
              now.because,
              now.xero &&
                `${now.xero.name} (${now.xero.status}${now.xero.total ? `, ${formatMoney(now.xero.total)}` : ''})`,
              formatFromNow(now.at, Date.now()),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </>
      )}
      {verdict.isError && <Failed error={verdict.error} />}
      {mayChange && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={verdict.isFetching}
          onClick={() => (asked ? void verdict.refetch() : setAsked(true))}
        >
          {now ? words.askAgain : words.askXero}
        </Button>
      )}
    </Group>
  )
}
