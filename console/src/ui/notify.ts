import { notifications } from '@mantine/notifications'
import { toProblem } from '../api/problem.js'
import { text } from '../text/index.js'

const closeButtonProps = { 'aria-label': text.close }

export const tellDone = (message: string): void =>
  void notifications.show({ color: 'green', message, closeButtonProps })

/** For buttons without a place of their own for a reason. */
export function tellFailed(error: unknown): void {
  const { status, title, detail, requestId } = toProblem(error)
  const known = status === 0 ? text.problem.unreachable : null
  const trace = requestId ? ` (${text.problem.requestId} ${requestId})` : ''
  notifications.show({
    color: 'red',
    title: known?.title ?? title,
    message: (known?.detail ?? detail) + trace,
    autoClose: 12_000,
    closeButtonProps,
  })
}
