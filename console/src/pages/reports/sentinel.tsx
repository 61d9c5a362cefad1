import { Button, Group, Text } from '@mantine/core'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { Value } from '../../ui/fields.js'
import { formatFromNow, formatMoment, formatMoney } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import { Answered, Empty, Section } from '../../ui/states.js'
import { type Column, Rows } from '../../ui/table.js'

const words = text.sentinel
type Seen = AnswerOf<'readSentinel'>
type Change = Seen['changes'][number]
type Failing = Seen['failing'][number]

/** What changed in Xero that invoices depend on, and what would fail for it now. */
export function Sentinel() {
  const seen = useAsk('readSentinel')
  const job = useJob('checkSentinel')
  const mayChange = useMayChange()
  return (
    <div className="stack">
      <Group justify="space-between">
        <Text c="dimmed" maw={720}>
          {words.hint} {seen.data?.checkedAt && words.checked(formatFromNow(seen.data.checkedAt, Date.now()))}
        </Text>
        {mayChange && (
          <Button
            variant="default"
            loading={job.start.isPending}
            onClick={() => job.start.mutate({}, { onError: tellFailed })}
          >
            {words.check}
          </Button>
        )}
      </Group>
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
      <Answered of={seen} rows={8}>
        {({ checkedAt, failing, changes }) =>
          checkedAt === null ? (
            <Empty title={words.uncheckedTitle} hint={words.uncheckedHint} />
          ) : (
            <>
              <Section title={words.failing} hint={failing.length > 0 ? words.failingHint : undefined}>
                {failing.length === 0 ? (
                  <Empty title={words.failingNone} hint={words.failingNoneHint} />
                ) : (
                  <Rows
                    label={words.failing}
                    columns={failingColumns}
                    rows={failing}
                    keyOf={({ costCenterId, code, detail }) => `${costCenterId} ${code} ${detail}`}
                  />
                )}
              </Section>
              <Section title={words.changes}>
                {changes.length === 0 ? (
                  <Empty title={words.changesNone} hint={words.changesNoneHint} />
                ) : (
                  <Rows
                    label={words.changes}
                    columns={changeColumns}
                    rows={changes}
                    keyOf={({ what, field, at }) => `${what} ${field} ${at}`}
                  />
                )}
              </Section>
            </>
          )
        }
      </Answered>
    </div>
  )
}

const failingColumns: readonly Column<Failing>[] = [
  { title: words.failingColumns.centre, cell: ({ costCentre }) => costCentre },
  { title: words.failingColumns.why, cell: ({ title, detail }) => <Reason title={title} detail={detail} /> },
  { title: words.failingColumns.todo, cell: ({ remedy }) => remedy },
  { title: words.failingColumns.money, numeric: true, cell: ({ money }) => formatMoney(money) },
]

const Reason = ({ title, detail }: { title: string; detail: string }) => (
  <>
    <Text size="sm" fw={600}>
      {title}
    </Text>
    <Text size="xs" c="dimmed">
      {detail}
    </Text>
  </>
)

const changeColumns: readonly Column<Change>[] = [
  { title: words.changesColumns.what, cell: ({ what }) => what },
  { title: words.changesColumns.field, cell: ({ field }) => field ?? '–' },
  { title: words.changesColumns.was, cell: ({ was }) => <Value of={was} /> },
  { title: words.changesColumns.is, cell: ({ is }) => <Value of={is} strong /> },
  { title: words.changesColumns.at, cell: ({ at }) => formatMoment(at) },
]
