import { Badge } from '@mantine/core'
import { text } from '../text/index.js'

const hues: Readonly<Record<string, string>> = {
  Paid: 'green',
  Unpaid: 'blue',
  Overdue: 'red',
  issued: 'green',
  refused: 'red',
  voided: 'gray',
  unknown: 'orange',
  claimed: 'blue',
  sending: 'blue',
  linked: 'green',
  waiting: 'blue',
  question: 'orange',
  failed: 'red',
  success: 'green',
  done: 'green',
  partial: 'orange',
  running: 'blue',
  queued: 'gray',
  cancelled: 'gray',
}

/** A state in a word and a colour; the word alone is enough. */
export const Tag = ({ of }: { of: string }) => (
  <Badge color={hues[of] ?? 'gray'} variant="light" tt="none" fw={600} miw="max-content">
    {text.states[of] ?? of}
  </Badge>
)
