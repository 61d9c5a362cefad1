import { Anchor, Button, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatMoment } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { Listed } from '../../ui/listed.js'
import { tellFailed } from '../../ui/notify.js'
import { type Column, useList } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import { Csv } from './csv.js'
import { comparedOf, Found } from './outcome.js'

const words = text.compare
type Report = AnswerOf<'listReports'>['items'][number]

const columns: readonly Column<Report>[] = [
  {
    title: words.columns.when,
    cell: ({ id, startedAt, askedBy }) => (
      <>
        <Anchor component={Link} to={`/reports/${id}`} size="sm" fw={600} className="number">
          {formatMoment(startedAt)}
        </Anchor>
        <Text size="xs" c="dimmed">
          {words.by(askedBy)}
        </Text>
      </>
    ),
  },
  { title: words.columns.state, cell: ({ state }) => <Tag of={state} /> },
  { title: words.columns.result, cell: (report) => <Found report={report} /> },
  { title: words.columns.read, cell: ({ read }) => comparedOf(read) },
  { title: words.columns.csv, cell: (report) => report.differences > 0 && <Csv report={report} label={words.csv} /> },
]

/** Both sides' books beside each other: every comparison that was made, and a button for the next. */
export function Comparisons() {
  const list = useList([])
  const reports = useAsk('listReports', { query: list.query }, { keep: true })
  const job = useJob('makeReport')
  const mayChange = useMayChange()
  const none = reports.data?.total === 0
  const start = mayChange && (
    <Button
      variant={none ? 'filled' : 'default'}
      loading={job.start.isPending}
      onClick={() => job.start.mutate({}, { onError: tellFailed })}
    >
      {words.start}
    </Button>
  )
  return (
    <div className="stack">
      <Group justify="space-between">
        <Text c="dimmed" maw={720}>
          {words.hint}
        </Text>
        {start}
      </Group>
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
      <Listed
        of={reports}
        list={list}
        label={words.title}
        columns={columns}
        keyOf={({ id }) => id}
        empty={[words.emptyTitle, words.emptyHint]}
      />
    </div>
  )
}
