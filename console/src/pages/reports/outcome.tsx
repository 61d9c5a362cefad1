import { Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { text } from '../../text/index.js'
import { formatCount } from '../../ui/format.js'

const words = text.compare
type Report = AnswerOf<'readReport'>['report']

export const comparedOf = ({ contacts, items, invoices }: Report['read']): string =>
  words.read(formatCount(contacts), formatCount(items), formatCount(invoices))

/** What a comparison has come to: agreement, differences by kind, or why it could not go on. */
export function Found({ report: { state, differences, kinds, problem } }: { report: Report }) {
  if (state === 'failed')
    return (
      <Text size="sm" c="var(--mantine-color-error)">
        {String(problem?.detail ?? problem?.title ?? text.states.failed)}
      </Text>
    )
  if (state === 'running') return <Text size="sm">{words.soFar(formatCount(differences))}</Text>
  if (differences === 0) return <Text size="sm">{state === 'done' ? words.agree : '–'}</Text>
  return (
    <>
      <Text size="sm" fw={600}>
        {words.differences(differences, formatCount(differences))}
      </Text>
      <Text size="xs" c="dimmed">
        {Object.entries(kinds)
          .map(([kind, n]) => `${text.report.kinds[kind as keyof typeof kinds]}: ${formatCount(n)}`)
          .join(', ')}
      </Text>
    </>
  )
}
