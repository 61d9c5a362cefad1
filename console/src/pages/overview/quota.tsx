import { Alert, Progress, Stack, Text } from '@mantine/core'
import { text } from '../../text/index.js'
import { formatCount, formatFromNow, formatMoment } from '../../ui/format.js'
import { Empty, Section } from '../../ui/states.js'
import type { Now } from './page.js'

const words = text.overview

/** What is left of today's calls, and whether it lasts. */
export const Quota = ({ quota, connected }: { quota: Now['quota']; connected: boolean }) => (
  <Section title={words.quota}>
    {quota ? (
      <Left quota={quota} />
    ) : (
      <Empty title={connected ? words.quotaDark : words.notConnected} hint={words.quotaUnknown} />
    )}
  </Section>
)

function Left({ quota: { day, minute, paused, spentToday } }: { quota: NonNullable<Now['quota']> }) {
  if (day.remaining === null) return <Text c="dimmed">{words.quotaUnknown}</Text>
  const all = day.remaining + spentToday.total
  const share = all === 0 ? 0 : (100 * day.remaining) / all
  const now = Date.now()
  return (
    <Stack gap="xs">
      {paused && (
        <Alert color="orange" variant="light">
          {words.quotaPaused(formatMoment(paused.until))}
        </Alert>
      )}
      <Text fz={26} fw={650}>
        {words.quotaLeft(formatCount(day.remaining))}
      </Text>
      <Progress
        value={share}
        size="lg"
        color={day.remaining <= day.floor ? 'red' : 'blue'}
        aria-label={words.quotaLeft(formatCount(day.remaining))}
      />
      <Text size="sm">{words.quotaUsed(formatCount(spentToday.total), formatCount(day.floor))}</Text>
      <Text size="sm" c="dimmed">
        {[
          day.usedUpAt ? words.quotaShort(formatFromNow(day.usedUpAt, now)) : words.quotaEnough,
          words.quotaNow(minute.used, minute.limit),
          day.resetsAt ? words.quotaReset(formatFromNow(day.resetsAt, now)) : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </Stack>
  )
}
