import { Button } from '@mantine/core'
import { type AnswerOf, newKey } from '../../api/client.js'
import { useAsk, useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatFromNow } from '../../ui/format.js'
import { jobName } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import { Answered, Section } from '../../ui/states.js'
import { Rows } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import type { Now } from './page.js'

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
export function Schedule({ now: { lastSuccessAt, paused } }: { now: Now }) {
  const status = useAsk('readSyncStatus', {}, { refetchInterval: 30_000 })
  const { job, last, next } = words.scheduleColumns
  const now = Date.now()
  return (
    <Section
      title={words.schedule}
      hint={lastSuccessAt ? words.lastWork(formatFromNow(lastSuccessAt, now)) : words.neverWorked}
      aside={<Pausing paused={paused.length > 0} />}
    >
      <Answered of={status} rows={6}>
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

/** Stops all work from being taken up, and lets it go on. What is asked for in between waits; nothing is lost. */
function Pausing({ paused }: { paused: boolean }) {
  const mayChange = useMayChange()
  const control = useTell(paused ? 'resume' : 'pause', ['readOverview', 'readSyncStatus'])
  if (!mayChange) return null
  return (
    <Button
      size="xs"
      variant={paused ? 'filled' : 'default'}
      loading={control.isPending}
      onClick={() => control.mutate({ body: {}, idempotencyKey: newKey() }, { onError: tellFailed })}
    >
      {paused ? words.resume : words.pause}
    </Button>
  )
}
