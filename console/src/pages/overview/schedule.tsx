import { Button } from '@mantine/core'
import { newKey } from '../../api/client.js'
import { useTell } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatFromNow } from '../../ui/format.js'
import { jobName } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import { Section } from '../../ui/states.js'
import { Rows } from '../../ui/table.js'
import { Tag } from '../../ui/tags.js'
import type { Now } from './page.js'

const words = text.overview

/** One row for each job: its schedule and its runs come under two names. */
function byName(jobs: Now['jobs']): Now['jobs'] {
  const rows = new Map<string, Now['jobs'][number]>()
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
export function Schedule({ now: { jobs, lastSuccessAt, paused } }: { now: Now }) {
  const { job, last, next } = words.scheduleColumns
  const now = Date.now()
  return (
    <Section
      title={words.schedule}
      hint={lastSuccessAt ? words.lastWork(formatFromNow(lastSuccessAt, now)) : words.neverWorked}
      aside={<Pausing paused={paused.length > 0} />}
    >
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
