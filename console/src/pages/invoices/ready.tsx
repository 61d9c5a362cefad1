import { Alert, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from 'react-router'
import type { AnswerOf } from '../../api/client.js'
import { useAsk, useJob } from '../../api/hooks.js'
import { useMayChange } from '../../shell/who.js'
import { text } from '../../text/index.js'
import { formatDay, formatHours, formatMoney } from '../../ui/format.js'
import { JobProgress } from '../../ui/job.js'
import { tellFailed } from '../../ui/notify.js'
import { Answered, Empty } from '../../ui/states.js'
import { type Column, Pager, Rows, Search, useList } from '../../ui/table.js'
import { BilledFrom } from './billed-from.js'

const words = text.invoices
type Centre = AnswerOf<'listCostCentres'>['items'][number]

const nameOf = ({ projectCode, name }: Centre) => [projectCode, name].filter(Boolean).join(' - ')

const columns: readonly Column<Centre>[] = [
  {
    title: words.centreColumns.what,
    cell: (centre) => (
      <>
        <Text size="sm" fw={600}>
          {nameOf(centre)}
        </Text>
        <Text size="xs" c="dimmed">
          {centre.projectName}
        </Text>
      </>
    ),
  },
  { title: words.centreColumns.client, cell: ({ clientName }) => clientName ?? '–' },
  {
    title: words.centreColumns.po,
    cell: ({ poNumber, poExpiresOn }) => (
      <>
        {poNumber ?? '–'}
        {poExpiresOn && (
          <Text size="xs" c="dimmed">
            {words.until(formatDay(poExpiresOn))}
          </Text>
        )}
      </>
    ),
  },
  { title: words.centreColumns.hours, numeric: true, cell: ({ unbilled }) => formatHours(unbilled.hours) },
  {
    title: words.centreColumns.money,
    numeric: true,
    cell: ({ unbilled }) => (
      <>
        {formatMoney(unbilled.money)}
        {unbilled.withoutRate > 0 && (
          <Text size="xs" c="error">
            {words.noRate(unbilled.withoutRate)}
          </Text>
        )}
      </>
    ),
  },
  {
    title: words.centreColumns.look,
    cell: (centre) => (
      <Anchor
        component={Link}
        size="sm"
        to={`/invoices/preview/${centre.id}`}
        aria-label={words.previewOf(nameOf(centre))}
      >
        {words.preview}
      </Anchor>
    ),
  },
]

/** Cost centres with approved hours, the largest first; each can be looked at before it is billed. */
export function Ready() {
  const list = useList([])
  const centres = useAsk(
    'listCostCentres',
    { query: { ...list.query, sort: list.sort ?? '-money', ready: true } },
    { keep: true },
  )
  const xero = useAsk('readXeroSettings')
  const connected = xero.data?.connected === true
  return (
    <div className="stack">
      <BilledFrom />
      {xero.data && !connected && (
        <Alert variant="light" color="orange">
          <Group justify="space-between">
            {words.connectFirst}
            <Anchor component={Link} to="/settings/xero">
              {words.toSettings}
            </Anchor>
          </Group>
        </Alert>
      )}
      <Answered of={centres} rows={10}>
        {({ items, total, nextCursor }) => (
          <>
            <BillAll
              disabled={!connected || items.length === 0}
              search={<Search list={list} label={words.searchCentres} />}
            />
            {items.length === 0 ? (
              <Empty
                title={list.filtered ? text.list.noneTitle : words.readyEmptyTitle}
                hint={list.filtered ? text.list.noneHint : words.readyEmptyHint}
              />
            ) : (
              <div>
                <Rows
                  label={words.ready}
                  columns={columns}
                  rows={items}
                  keyOf={({ id }) => id}
                  fading={centres.isPlaceholderData}
                />
                <Pager list={list} total={total} nextCursor={nextCursor} shown={items.length} />
              </div>
            )}
          </>
        )}
      </Answered>
    </div>
  )
}

function BillAll({ disabled, search }: { disabled: boolean; search: React.ReactNode }) {
  const [open, { open: ask, close }] = useDisclosure(false)
  const job = useJob('syncInvoices')
  const mayChange = useMayChange()
  const go = () => job.start.mutate({}, { onSuccess: close, onError: tellFailed })
  return (
    <>
      <Group justify="space-between">
        {search}
        {mayChange && (
          <Button disabled={disabled} onClick={ask}>
            {words.createAll}
          </Button>
        )}
      </Group>
      {job.id && <JobProgress key={job.id} id={job.id} onHide={job.forget} />}
      <Modal opened={open} onClose={close} title={words.createAllTitle}>
        <Stack>
          <Text>{words.createAllHint}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {text.cancel}
            </Button>
            <Button data-autofocus loading={job.start.isPending} onClick={go}>
              {words.createAll}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
