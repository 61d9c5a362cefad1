import { Anchor, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatDuration, formatMoment } from '../../ui/format.js'
import { JobProgress, jobName, outcome } from '../../ui/job.js'
import { Listed } from '../../ui/listed.js'
import { tellFailed } from '../../ui/notify.js'
import { type Column, Filter, Search, useList } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import { When } from '../../ui/when.js'

const words = text.pastRuns
type Run = AnswerOf<'listRuns'>['items'][number]

/** Runs are named with a dot; the names without one are the schedule's. */
const jobs = Object.fromEntries(Object.entries(text.jobs).filter(([name]) => name.includes('.')))

/** Every run of every job, with its outcome and the way to do it once more. */
export function Runs() {
  const list = useList(['job', 'status'])
  const runs = useAsk('listRuns', { query: list.query }, { keep: true })
  const [started, setStarted] = useState<string | null>(null)
  const mayChange = useMayChange()
  return (
    <div className="stack">
      <Text c="dimmed">{words.hint}</Text>
      {started && <JobProgress key={started} id={started} onHide={() => setStarted(null)} />}
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="job" label={words.job} options={jobs} />
        <Filter list={list} name="status" label={words.status} options={words.statuses} />
      </Group>
      <Listed
        of={runs}
        list={list}
        label={words.title}
        columns={mayChange ? [...columns, again(setStarted)] : columns}
        keyOf={({ id }) => id}
        empty={[words.emptyTitle, words.emptyHint]}
        action={
          <Button component={Link} to="/settings/xero" mt="sm">
            {words.toSettings}
          </Button>
        }
      />
    </div>
  )
}

const columns: readonly Column<Run>[] = [
  { title: words.columns.job, cell: ({ job }) => jobName(job) },
  { title: words.columns.status, cell: ({ status }) => <Tag of={status} /> },
  {
    title: words.columns.result,
    cell: (run) => <Result run={run} />,
  },
  { title: words.columns.when, cell: ({ startedAt }) => <When at={startedAt} /> },
  { title: words.columns.took, numeric: true, cell: (run) => formatDuration(run.startedAt, run.finishedAt) },
  { title: words.columns.by, cell: ({ triggeredBy }) => text.runs.by[triggeredBy] ?? triggeredBy },
]

/** What it came to; where a part of it waits for a person, the way there. */
function Result({ run: { message, counts, status } }: { run: Run }) {
  const stuck = status === 'partial' || status === 'failed'
  return (
    <>
      <Text size="sm">{message ?? (status === 'running' ? '' : outcome(counts))}</Text>
      {stuck && (
        <Anchor component={Link} to="/inbox" size="xs">
          {words.toInbox}
        </Anchor>
      )}
    </>
  )
}

const again = (onStarted: (id: string) => void): Column<Run> => ({
  title: words.columns.again,
  cell: (run) => run.commandId && run.status !== 'running' && <Again run={run} onStarted={onStarted} />,
})

function Again({ run: { id, job, startedAt }, onStarted }: { run: Run; onStarted: (id: string) => void }) {
  const rerun = useJob('rerun', { id })
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={rerun.start.isPending}
      aria-label={words.againOf(jobName(job), formatMoment(startedAt))}
      onClick={() => rerun.start.mutate({}, { onSuccess: (accepted) => onStarted(accepted.id), onError: tellFailed })}
    >
      {words.again}
    </Button>
  )
}
