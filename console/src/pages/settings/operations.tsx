import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { jobName, outcome } from '../../ui/job.js'
import { Answered, Empty, Section } from '../../ui/states.js'
import { type Column, Rows } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import { When } from '../../ui/when.js'

const words = text.runs
type Run = AnswerOf<'listRuns'>['items'][number]

const columns: readonly Column<Run>[] = [
  { title: words.logColumns.job, cell: ({ job }) => jobName(job) },
  { title: words.logColumns.state, cell: ({ status }) => <Tag of={status} /> },
  {
    title: words.logColumns.result,
    cell: ({ message, counts, status }) => message ?? (status === 'running' ? '' : outcome(counts)),
  },
  { title: words.logColumns.when, cell: ({ startedAt }) => <When at={startedAt} /> },
  { title: words.logColumns.by, cell: ({ triggeredBy }) => words.by[triggeredBy] ?? triggeredBy },
]

export function Operations() {
  const runs = useAsk('listRuns', { query: { limit: 20 } })
  return (
    <Section
      title={words.log}
      aside={
        <Anchor component={Link} to="/history" size="sm">
          {text.pastRuns.all}
        </Anchor>
      }
    >
      <Answered of={runs} rows={5}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.emptyTitle} hint={words.emptyHint} />
          ) : (
            <Rows label={words.log} columns={columns} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Answered>
    </Section>
  )
}
