import { Badge, Button, Group, Text } from '@mantine/core'
import type { AnswerOf } from '../api/client.js'
import { useAsk, useJob } from '../api/hooks.js'
import { useMayChange } from '../shell/who.js'
import { text } from '../text/index.js'
import { formatMoney } from '../ui/format.js'
import { JobProgress } from '../ui/job.js'
import { tellFailed } from '../ui/notify.js'
import { Answered, Empty, Page } from '../ui/states.js'
import { type Column, Filter, Pager, Rows, Search, useList } from '../ui/table.js'

const words = text.items
type Item = AnswerOf<'listItems'>['items'][number]

const State = ({ item: { missingInXeroAt, managedByXero } }: { item: Item }) =>
  missingInXeroAt ? (
    <Badge color="orange" variant="light" tt="none">
      {words.missing}
    </Badge>
  ) : (
    <Badge color={managedByXero ? 'green' : 'gray'} variant="light" tt="none">
      {managedByXero ? words.managed : words.local}
    </Badge>
  )

const columns: readonly Column<Item>[] = [
  {
    title: words.columns.name,
    cell: ({ name, description }) => (
      <>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        {description && description !== name && (
          <Text size="xs" c="dimmed" lineClamp={1}>
            {description}
          </Text>
        )}
      </>
    ),
  },
  { title: words.columns.code, cell: ({ xeroItemCode }) => xeroItemCode ?? '–' },
  { title: words.columns.rate, numeric: true, cell: ({ defaultRate }) => formatMoney(defaultRate) },
  { title: words.columns.account, cell: ({ accountCode }) => accountCode ?? '–' },
  { title: words.columns.tax, cell: ({ taxType }) => taxType ?? '–' },
  { title: words.columns.state, cell: (item) => <State item={item} /> },
]

export default function Items() {
  const list = useList(['managedByXero'])
  const items = useAsk('listItems', { query: list.query }, { keep: true })
  const job = useJob('syncItems')
  const mayChange = useMayChange()
  return (
    <Page
      title={words.title}
      hint={words.hint}
      actions={
        mayChange && (
          <Button
            variant="default"
            loading={job.start.isPending}
            onClick={() => job.start.mutate({}, { onError: tellFailed })}
          >
            {words.import}
          </Button>
        )
      }
    >
      {job.id && <JobProgress id={job.id} onHide={job.forget} />}
      <Group>
        <Search list={list} label={words.search} />
        <Filter list={list} name="managedByXero" label={words.origin} options={words.origins} />
      </Group>
      <Answered of={items} rows={10}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty
              title={list.filtered ? text.list.noneTitle : words.emptyTitle}
              hint={list.filtered ? text.list.noneHint : words.emptyHint}
            />
          ) : (
            <div>
              <Rows
                label={words.title}
                columns={columns}
                rows={page.items}
                keyOf={({ id }) => id}
                fading={items.isPlaceholderData}
              />
              <Pager list={list} total={page.total} nextCursor={page.nextCursor} shown={page.items.length} />
            </div>
          )
        }
      </Answered>
    </Page>
  )
}
