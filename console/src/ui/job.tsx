import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import type { AnswerOf } from '../api/client.js'
import { useAsk, useTell } from '../api/hooks.js'
import { useMayChange } from '../shell/who.js'
import { text } from '../text/index.js'
import { formatCount } from './format.js'
import { Failed } from './states.js'
import { Tag } from './tags.js'

type Command = AnswerOf<'readCommand'>
export const hasEnded = ({ state }: Command) => state === 'done' || state === 'failed' || state === 'cancelled'

export const jobName = (name: string): string => text.jobs[name] ?? name

/** What a run came to, in a sentence. */
export function outcome(result: Readonly<Record<string, unknown>> | null): string {
  if (!result) return ''
  if (typeof result.summary === 'string' && result.summary !== '') return result.summary
  const counts = Object.entries(result).filter(([, value]) => typeof value === 'number' && value > 0)
  return (
    counts.map(([name, value]) => text.job.count(name, formatCount(value as number))).join(', ') || text.job.nothing
  )
}

const reason = (problem: Readonly<Record<string, unknown>> | null): string =>
  String(problem?.detail ?? problem?.title ?? '')

/** A job just started, from its first second to its end. Asked every second where the live line is down. */
export function JobProgress({ id, onHide }: { id: string; onHide?: () => void }) {
  const command = useAsk('readCommand', { params: { id } }, { refetchInterval: 1_500 })
  if (command.isError) return <Failed error={command.error} retry={() => void command.refetch()} />
  if (!command.data) return <Progress value={100} animated aria-label={text.job.queued} />
  return (
    <Stack gap={6}>
      <Running command={command.data} />
      {onHide && hasEnded(command.data) && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onHide} style={{ alignSelf: 'flex-start' }}>
          {text.job.hide}
        </Button>
      )}
    </Stack>
  )
}

/** One command: its bar while it works, its outcome afterwards. */
export function Running({ command }: { command: Command }) {
  const stop = useTell('cancelCommand', ['listCommands', 'readCommand'])
  const mayChange = useMayChange()
  const { progress, state } = command
  if (hasEnded(command))
    return (
      <Alert
        variant="light"
        color={state === 'done' ? 'green' : state === 'failed' ? 'red' : 'gray'}
        title={`${jobName(command.name)}: ${text.states[state]}`}
        role="status"
      >
        {state === 'failed' ? reason(command.problem) : outcome(command.result)}
      </Alert>
    )
  const share = progress?.total ? Math.round((100 * progress.done) / progress.total) : null
  const words = progress
    ? progress.total === null
      ? text.job.so_far(formatCount(progress.done))
      : text.job.of(formatCount(progress.done), formatCount(progress.total))
    : text.job[state === 'queued' ? 'queued' : 'running']
  const why = state === 'queued' ? reason(command.problem) : ''
  return (
    <Stack gap={6} role="status">
      <Group justify="space-between">
        <Group gap="xs">
          <Text fw={600} size="sm">
            {jobName(command.name)}
          </Text>
          <Tag of={state} />
        </Group>
        {mayChange && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={command.cancelRequested}
            loading={stop.isPending}
            onClick={() => stop.mutate({ params: { id: command.id } })}
          >
            {command.cancelRequested ? text.job.stopping : text.job.stop}
          </Button>
        )}
      </Group>
      <Progress
        value={share ?? 100}
        animated={state === 'running'}
        striped={share === null}
        aria-label={`${jobName(command.name)}: ${words}`}
      />
      <Text size="sm" c="dimmed">
        {progress?.note ? `${words}, ${progress.note}` : words}
      </Text>
      {why && <Text size="sm">{text.job.again(why)}</Text>}
    </Stack>
  )
}
