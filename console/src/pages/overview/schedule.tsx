import type { AnswerOf } from '../../api/client.js'
import { useAsk } from '../../api/hooks.js'
import { text } from '../../text/index.js'
import { formatFromNow } from '../../ui/format.js'
import { jobName } from '../../ui/job.js'
import { Answered, Section } from '../../ui/states.js'
import { Rows } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'

const words = text.overview
type Job = AnswerOf<'readSyncStatus'>['jobs'][number]

/** One row for each job: its schedule and its runs come under two names. */
function byName(jobs: readonly Job[]): readonly Job[] {
  const rows = new Map<string, Job>()
  for (const job of jobs) {
    const name = jobName(job.job)
    const other = rows.get(name)
    rows.set(name, {
      ...job,
      nextRunAt: job.nextRunAt ?? other?.nextRunAt ?? null,
      lastRun: job.lastRun ?? other?.lastRun ?? null,
    })
  }
  return [...rows.values()]
}

/** When each job ran, how that ended, and when it runs by itself again. */
export function Schedule() {
  const status = useAsk('readSyncStatus', {}, { refetchInterval: 30_000 })
  const { job, last, next } = words.scheduleColumns
  const now = Date.now()
  return (
    <Section
      title={words.schedule}
      hint={
        status.data &&
        (status.data.synced_at ? words.lastWork(formatFromNow(status.data.synced_at, now)) : words.neverWorked)
      }
    >
      <Answered of={status} rows={5}>
        {({ jobs }) => (
          <Rows
            label={words.schedule}
            rows={byName(jobs)}
            keyOf={(row) => row.job}
            columns={[
              { title: job, cell: (row) => jobName(row.job) },
              {
                title: last,
                cell: ({ lastRun }) =>
                  lastRun ? (
                    <>
                      <Tag of={lastRun.status} /> {formatFromNow(lastRun.startedAt, now)}
                    </>
                  ) : (
                    '–'
                  ),
              },
              { title: next, cell: ({ nextRunAt }) => formatFromNow(nextRunAt, now) },
            ]}
          />
        )}
      </Answered>
    </Section>
  )
}
