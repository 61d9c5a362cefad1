import { text } from '../../text/index.js'
import { jobName } from '../../ui/job.js'
import type { Events } from './what-happened.js'

type Event = Events[number]
export interface Folded extends Event {
  readonly key: string
  readonly times: number
}

/** What was done many times at once, such as a week's approvals, is one line. */
export function fold(events: Events): readonly Folded[] {
  const lines: Folded[] = []
  events.forEach((event, i) => {
    const last = lines.at(-1)
    if (
      last &&
      event.kind !== 'change' &&
      last.at === event.at &&
      last.kind === event.kind &&
      last.what === event.what &&
      last.by === event.by
    )
      lines[lines.length - 1] = { ...last, times: last.times + 1 }
    else lines.push({ ...event, key: String(i), times: 1 })
  })
  return lines
}

/** Commands and people's actions come by their keys; everything else comes in words. */
export function said({ kind, what }: Event): string {
  if (kind === 'person') return text.audit.actions[what] ?? what
  if (kind !== 'command') return what
  const [name = '', state] = what.split(' ')
  return state ? `${jobName(name)}: ${text.states[state] ?? state}` : jobName(name)
}
